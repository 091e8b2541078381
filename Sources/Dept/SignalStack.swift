import Foundation

/// A stack of its own for this thread's signal handlers.
///
/// Swift's runtime gives the main thread one. Without it a plan that refers to itself, and so
/// overflows the stack, would die without a word of where.
enum SignalStack {
  /// Room for the handler that starts the runtime's backtrace.
  private static let bytes = 128 << 10

  /// Installs one; it is in place for as long as the process lives.
  static func install() {
    var stack = stack_t()
    guard sigaltstack(nil, &stack) == 0, stack.ss_flags & Int32(SS_DISABLE) != 0 else { return }
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
    #if canImport(Glibc)
    stack.ss_size = bytes
    #else
    stack.ss_size = UInt(bytes)
    #endif
    stack.ss_flags = 0
    sigaltstack(&stack, nil)
  }
}
