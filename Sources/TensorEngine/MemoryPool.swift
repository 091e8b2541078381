import Synchronization

/// The free blocks of the process, by size class: a step's memory is the next step's memory.
///
/// A class because it is one place shared by every tensor. After the first steps nothing is
/// allocated from the system; `systemAllocations` counts what was.
package final class MemoryPool: Sendable {
  package static let shared = MemoryPool()

  /// A block of raw memory and the size class it belongs to.
  struct Block: @unchecked Sendable {  // A block has one owner at a time: the pool or a Storage.
    let pointer: UnsafeMutableRawPointer
    let capacity: Int
  }

  private struct State {
    var free: [Int: [Block]] = [:]
    var systemAllocations = 0
  }

  private let state = Mutex(State())

  /// How many blocks have been requested from the system so far.
  package var systemAllocations: Int { state.withLock { $0.systemAllocations } }

  /// The size class of a request: eight classes between two powers of two, so at most 12.5 % is
  /// lost.
  static func capacity(for byteCount: Int) -> Int {
    let minimum = max(byteCount, 256)
    let step = max(256, (1 << (Int.bitWidth - 1 - minimum.leadingZeroBitCount)) / 8)
    return (minimum + step - 1) / step * step
  }

  func take(_ byteCount: Int) -> Block {
    let capacity = Self.capacity(for: byteCount)
    let reused = state.withLock { state -> Block? in
      if let block = state.free[capacity]?.popLast() { return block }
      state.systemAllocations += 1
      return nil
    }
    return reused
      ?? Block(
        pointer: .allocate(byteCount: capacity, alignment: capacity >= 1 << 16 ? 4096 : 64),
        capacity: capacity)
  }

  func give(_ block: Block) {
    state.withLock { $0.free[block.capacity, default: []].append(block) }
  }

  /// Returns every free block to the system: after a backbone has been dropped, say.
  package func drain() {
    let blocks = state.withLock { state in
      defer { state.free = [:] }
      return state.free.values.flatMap { $0 }
    }
    for block in blocks { block.pointer.deallocate() }
  }
}
