/// The memory behind tensors: float32 elements, written once by whoever makes it, then only read.
///
/// A class because its identity is the memory, returned to the pool when the last tensor goes.
package final class Storage: @unchecked Sendable {  // Written before it is shared, never after.
  package let count: Int
  package let pointer: UnsafeMutablePointer<Float>
  /// Of bfloat16 elements: the exponent of the largest magnitude. Products scale by it.
  var largestExponent: Int32 = 128
  private let block: MemoryPool.Block?
  private let owner: AnyObject?

  /// Uninitialised memory for `count` elements.
  package init(count: Int) {
    let block = MemoryPool.shared.take(count * MemoryLayout<Float>.stride)
    self.count = count
    self.block = block
    owner = nil
    pointer = block.pointer.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// Memory that belongs to `owner`, a mapped file for example; it must never be written.
  package init(unowned pointer: UnsafePointer<Float>, count: Int, owner: AnyObject) {
    self.count = count
    self.owner = owner
    block = nil
    self.pointer = UnsafeMutablePointer(mutating: pointer)
  }

  /// Whether the memory may be written by a unique owner.
  var isWritable: Bool { block != nil }

  deinit {
    if let block { MemoryPool.shared.give(block) }
  }
}
