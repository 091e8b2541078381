import Kernels
import Synchronization

/// The free blocks of the process, by size class: a step's memory is the next step's memory.
///
/// A class because it is one place shared by every tensor. After the first steps of one shape
/// nothing is allocated from the system; `systemAllocations` counts what was. Where shapes vary, a
/// block of up to twice the size is taken as well, and when more lies free than is in use, the free
/// blocks go back to the system: memory follows the largest step, not the sum of all shapes.
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

  private let state = Mutex(State())

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

  func take(_ byteCount: Int) -> Block {
    let capacity = Self.capacity(for: byteCount)
    let (reused, surplus) = state.withLock { state -> (Block?, [Block]) in
      if let block = state.reuse(capacity) { return (block, []) }
      state.systemAllocations += 1
      state.usedBytes += capacity
      let isIdle = state.freeBytes > max(state.usedBytes, Self.idleBytes)
      return (nil, isIdle ? state.takeFree() : [])
    }
    if let reused { return reused }
    for block in surplus { block.pointer.deallocate() }
    let alignment = capacity >= 1 << 22 ? 1 << 21 : capacity >= 1 << 16 ? 4096 : 64
    let pointer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: alignment)
    dept_use_large_pages(pointer, capacity)
    return Block(pointer: pointer, capacity: capacity)
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
    for block in state.withLock({ $0.takeFree() }) { block.pointer.deallocate() }
  }
}
