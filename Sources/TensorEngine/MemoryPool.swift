import Foundation
import Kernels
import Synchronization

/// The free blocks of the process, by size class: a step's memory is the next step's memory.
///
/// A class because it is one place shared by every tensor. After the first steps of one shape
/// nothing is allocated from the system; `systemAllocations` counts what was. Where shapes vary, a
/// block of up to twice the size is taken as well, and when more lies free than is in use, the free
/// blocks go back to the system: memory follows the largest step, not the sum of all shapes.
///
/// Only growth can fail, and only growth is weighed: against the limit each time, which is
/// arithmetic, against what the machine has left every `lookBytes`, which reads a few small files.
package final class MemoryPool: Sendable {
  package static let shared = MemoryPool()

  /// A block of raw memory and the size class it belongs to.
  struct Block: @unchecked Sendable {  // A block has one owner at a time: the pool or a Storage.
    let pointer: UnsafeMutableRawPointer
    let capacity: Int
  }

  private struct State {
    var free: [Int: [Block]] = [:]
    var freeBytes = 0
    var usedBytes = 0
    var systemAllocations = 0
    /// The most that the process may have for itself; `nil`: as much as the machine gives.
    var limit: Int?
    /// What the process has for itself beside the pool, as far as was seen.
    var outsideBytes = 0
    /// Growth since the machine was last asked what it has left.
    var unseenBytes = 0

    /// What the limit leaves.
    var leftOfLimit: Int {
      limit.map { max(0, $0 - usedBytes - freeBytes - outsideBytes) } ?? .max
    }

    /// The smallest free block of at least `capacity` and at most about twice that.
    mutating func reuse(_ capacity: Int) -> Block? {
      var size = capacity
      while size <= 2 * capacity {
        if let block = free[size]?.popLast() {
          freeBytes -= size
          usedBytes += size
          return block
        }
        size = MemoryPool.capacity(for: size + 1)
      }
      return nil
    }

    /// Every free block, which the caller gives back to the system.
    mutating func takeFree() -> [Block] {
      defer {
        free = [:]
        freeBytes = 0
      }
      return free.values.flatMap(\.self)
    }
  }

  /// Less than this lying free is not worth a thought.
  private static let idleBytes = 64 << 20

  /// Growth after which the machine is asked what it has left, and what is left to it.
  private static let lookBytes = 64 << 20

  private let state = Mutex(State())
  private let system: SystemMemory

  init(system: SystemMemory = SystemMemory()) { self.system = system }

  /// How many blocks have been requested from the system so far.
  package var systemAllocations: Int { state.withLock { $0.systemAllocations } }

  /// Bytes in use and lying free.
  package var residentBytes: Int { state.withLock { $0.usedBytes + $0.freeBytes } }

  /// The size class of a request: eight classes between two powers of two, so at most 12.5 % is
  /// lost.
  static func capacity(for byteCount: Int) -> Int {
    let minimum = max(byteCount, 256)
    let step = max(256, (1 << (Int.bitWidth - 1 - minimum.leadingZeroBitCount)) / 8)
    return (minimum + step - 1) / step * step
  }

  /// The most that the process may have for itself, tensors and all; `nil`: no limit.
  package var limit: Int? {
    get { state.withLock { $0.limit } }
    set {
      state.withLock { state in
        state.limit = newValue
        state.outsideBytes = 0
      }
      _ = look()
    }
  }

  func take(_ byteCount: Int) -> Block {
    let capacity = Self.capacity(for: byteCount)
    if let block = state.withLock({ $0.reuse(capacity) }) { return block }
    do {
      return try grow(by: capacity)
    } catch {
      ShortageHandler.end(error)
    }
  }

  func give(_ block: Block) {
    state.withLock { state in
      state.free[block.capacity, default: []].append(block)
      state.freeBytes += block.capacity
      state.usedBytes -= block.capacity
    }
  }

  /// Returns every free block to the system: after a backbone has been dropped, say.
  package func drain() {
    for block in state.withLock({ $0.takeFree() }) { free(block.pointer) }
  }

  /// A new block from the system.
  func grow(by capacity: Int) throws(MemoryShortage) -> Block {
    if let shortage = MatrixBuffers.shortage { throw shortage }
    let (isIdle, isDue) = state.withLock { state in
      state.systemAllocations += 1
      state.unseenBytes += capacity
      return (
        state.freeBytes > max(state.usedBytes + capacity, Self.idleBytes),
        state.unseenBytes >= Self.lookBytes
      )
    }
    if isIdle { drain() }
    if isDue { try weigh(capacity) }
    if left < capacity {
      // What lies free may make room, and may have been counted twice.
      drain()
      _ = look()
      if left < capacity {
        throw shortage(capacity, available: left, .limit(limit ?? 0))
      }
    }
    guard let pointer = allocate(capacity) else {
      throw shortage(capacity, available: system.availableBytes, .system)
    }
    state.withLock { $0.usedBytes += capacity }
    return Block(pointer: pointer, capacity: capacity)
  }

  private var left: Int { state.withLock { $0.leftOfLimit } }

  /// Refuses what the machine would answer by killing somebody.
  private func weigh(_ capacity: Int) throws(MemoryShortage) {
    for attempt in 0..<2 {
      let untouched = look()
      guard let available = system.availableBytes else { return }
      let left = max(0, available - untouched - Self.lookBytes)
      if left >= capacity { return }
      if attempt > 0 { throw shortage(capacity, available: left, .machine) }
      drain()
      dept_trim_memory()
    }
  }

  /// Compares the pool's own book with what the system counts.
  ///
  /// - Returns: bytes that the pool has taken and nobody has touched: promised, not given.
  private func look() -> Int {
    let own = ProcessMemory()?.own ?? 0
    return state.withLock { state in
      state.unseenBytes = 0
      let resident = state.usedBytes + state.freeBytes
      state.outsideBytes = max(state.outsideBytes, own - resident)
      return max(0, resident + state.outsideBytes - own)
    }
  }

  private func allocate(_ capacity: Int) -> UnsafeMutableRawPointer? {
    var pointer: UnsafeMutableRawPointer?
    let alignment = capacity >= 1 << 22 ? 1 << 21 : capacity >= 1 << 16 ? 4096 : 64
    if posix_memalign(&pointer, alignment, capacity) != 0 {
      drain()
      dept_trim_memory()
      guard posix_memalign(&pointer, alignment, capacity) == 0 else { return nil }
    }
    if let pointer { dept_use_large_pages(pointer, capacity) }
    return pointer
  }

  private func shortage(
    _ capacity: Int, available: Int?, _ bound: MemoryShortage.Bound
  ) -> MemoryShortage {
    let inUse = state.withLock { $0.usedBytes + $0.freeBytes + $0.outsideBytes }
    return MemoryShortage(
      requested: capacity, inUse: inUse, available: available, bound: bound)
  }
}
