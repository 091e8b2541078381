import Kernels

/// The buffers that OpenBLAS takes from the system, one a thread, at its first product.
///
/// Where a limit of addresses (`ulimit -v`) refuses one, OpenBLAS waits for it for ever. So under
/// such a limit they are asked for at the beginning, after there was a look whether they fit.
enum MatrixBuffers {
  private static let bytesPerThread = 130 << 20

  /// Why the buffers cannot be had; `nil` where they can, and under a limit are there.
  static let shortage: MemoryShortage? = {
    guard let left = SystemMemory().addresses else { return nil }
    let wanted = bytesPerThread * Engine.threads
    guard left > wanted else {
      return MemoryShortage(
        requested: wanted, inUse: ProcessMemory()?.own ?? 0, available: max(0, left),
        bound: .system)
    }
    dept_take_gemm_buffers(Int32(Engine.threads))
    return nil
  }()
}
