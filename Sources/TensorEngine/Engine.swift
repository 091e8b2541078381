import Kernels

/// The process-wide settings of the engine.
public enum Engine {
  /// Changes when the same run would give other numbers: part of every run's identity.
  public static let semanticsVersion = 5

  /// Bytes that the machine, and what bounds this process, can still give; `nil` where the system
  /// does not say (macOS).
  public static var availableMemory: Int? { SystemMemory().availableBytes }

  /// How many threads kernels use. Set it before the first computation.
  public static var threads: Int {
    get { Int(dept_threads()) }
    set { dept_set_threads(Int32(clamping: newValue)) }
  }

  /// Whether products and attention use our own AVX-512 kernels; the library's where the processor
  /// has no AVX-512.
  public static var usesVectorKernels: Bool { dept_vectors() }

  /// What `body` gives with bfloat16 operands multiplied in one way, where the processor has it, on
  /// this thread alone.
  package static func multiplyingBFloat16<Value>(
    _ way: ProductKernels.BFloat16Products, _ body: () throws -> Value
  ) rethrows -> Value {
    let before = dept_forced_bfloat16()
    dept_force_bfloat16(Int32(way.kernel.rawValue))
    defer { dept_force_bfloat16(before) }
    return try body()
  }

  /// What `body` gives without our own kernels, on this thread alone: tests run side by side.
  package static func withLibraryKernels<Value>(_ body: () throws -> Value) rethrows -> Value {
    let before = dept_prefers_library()
    dept_prefer_library(true)
    defer { dept_prefer_library(before) }
    return try body()
  }

  /// The library that multiplies matrices, with its build.
  public static var matrixLibrary: String { String(cString: dept_gemm_library()) }

  /// The processor whose kernels that library chose.
  public static var matrixProcessor: String { String(cString: dept_gemm_processor()) }

  /// Memory blocks requested from the system since the start; constant once training has warmed up.
  public static var systemAllocations: Int { MemoryPool.shared.systemAllocations }

  /// The most memory in bytes that this process may have for itself; `nil`: what the machine gives.
  ///
  /// The pages of mapped weights, which processes share, do not count.
  public static var memoryLimit: Int? {
    get { MemoryPool.shared.limit }
    set { MemoryPool.shared.limit = newValue }
  }

  /// Sets what is done, on the thread that asked, about a request for memory that cannot be met.
  ///
  /// - Parameter handler: tells whoever has to know, and ends the process: a computation cannot go
  ///   on without its memory. Without one the process ends with a sentence on standard error.
  public static func onMemoryShortage(_ handler: @escaping @Sendable (MemoryShortage) -> Never) {
    ShortageHandler.install(handler)
  }

  /// Gives unused memory back to the system.
  public static func releaseUnusedMemory() {
    MemoryPool.shared.drain()
    dept_trim_memory()
  }
}
