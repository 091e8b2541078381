import TensorEngine

/// Whose code multiplies and attends while something is looked at.
public enum KernelChoice: String, CaseIterable, Sendable, CustomStringConvertible {
  /// Our own, for processors with AVX-512, bfloat16 widened to float32: the library has no other.
  case own
  /// The library's and plain loops: what other processors get.
  case library

  /// Those that this processor can run.
  public static var available: [KernelChoice] {
    Engine.usesVectorKernels ? allCases : [.library]
  }

  public var description: String { "\(rawValue) kernels" }

  /// What `body` gives with these kernels; computations on other threads keep theirs.
  public func callAsFunction<Value>(_ body: () throws -> Value) rethrows -> Value {
    switch self {
    case .own: try Engine.multiplyingBFloat16(.widened, body)
    case .library: try Engine.withLibraryKernels(body)
    }
  }
}
