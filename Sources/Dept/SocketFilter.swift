import Foundation

/// Keeps a process from the network while it describes its plan or its report: both are functions
/// of a file, and of results.
///
/// On Linux the kernel refuses internet sockets with `EPERM` (seccomp), for the rest of the
/// process's life; elsewhere, and where the kernel has no such filter, nothing happens.
enum SocketFilter {
  static func refuseInternet() {
    #if os(Linux)
    guard let numbers = Self.numbers, let symbol = dlsym(nil, "syscall") else { return }
    // Of a variadic function, which Swift cannot call by name.
    typealias SystemCall = @convention(c) (Int, Int, Int, Int, Int, Int) -> Int
    let systemCall = unsafeBitCast(symbol, to: SystemCall.self)
    let program = program(numbers)
    program.withUnsafeBufferPointer { instructions in
      var header = Header(
        count: UInt16(instructions.count), instructions: instructions.baseAddress)
      withUnsafePointer(to: &header) { header in
        // Without it only the administrator may set a filter.
        guard systemCall(numbers.prctl, 38, 1, 0, 0, 0) == 0 else { return }
        // For all threads of the process.
        let (setFilter, allThreads) = (1, 1)
        _ = systemCall(numbers.seccomp, setFilter, allThreads, Int(bitPattern: header), 0, 0)
      }
    }
    #endif
  }

  #if os(Linux)
  /// What a system calls its calls.
  private struct Numbers {
    var architecture: UInt32
    var socket: UInt32
    var prctl: Int
    var seccomp: Int
  }

  private static var numbers: Numbers? {
    #if arch(x86_64)
    Numbers(architecture: 0xC000_003E, socket: 41, prctl: 157, seccomp: 317)
    #elseif arch(arm64)
    Numbers(architecture: 0xC000_00B7, socket: 198, prctl: 167, seccomp: 277)
    #else
    nil
    #endif
  }

  /// `struct sock_filter`.
  private struct Instruction {
    var code: UInt16
    /// Instructions to skip where a comparison holds, and where it does not.
    var holds: UInt8 = 0
    var fails: UInt8 = 0
    var value: UInt32
  }

  /// `struct sock_fprog`.
  private struct Header {
    var count: UInt16
    var instructions: UnsafePointer<Instruction>?
  }

  /// Looks at `struct seccomp_data`: the call's number at byte 0, the architecture at 4, the low
  /// half of the first argument at 16.
  private static func program(_ numbers: Numbers) -> [Instruction] {
    let (load, equals, end): (UInt16, UInt16, UInt16) = (0x20, 0x15, 0x06)
    let (allow, refuse) = (UInt32(0x7FFF_0000), UInt32(0x0005_0000) | UInt32(EPERM))
    return [
      Instruction(code: load, value: 4),
      Instruction(code: equals, fails: 5, value: numbers.architecture),
      Instruction(code: load, value: 0),
      Instruction(code: equals, fails: 3, value: numbers.socket),
      Instruction(code: load, value: 16),
      Instruction(code: equals, holds: 2, value: UInt32(AF_INET)),
      Instruction(code: equals, holds: 1, value: UInt32(AF_INET6)),
      Instruction(code: end, value: allow),
      Instruction(code: end, value: refuse),
    ]
  }
  #endif
}
