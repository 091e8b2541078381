import Synchronization

/// The ids of words that were met before, shared by every thread that encodes.
///
/// Finding a word takes no lock: a record is whole before its slot shows it, and never changes,
/// moves or goes before the cache does. A full cache learns no more.
///
/// A class because it owns memory that its users share.
final class WordCache: @unchecked Sendable {  // Slots are atomic, the rest is under the lock.
  /// What is known about a word.
  struct Word {
    /// Its ids.
    let ids: UnsafeBufferPointer<Int>
    /// What it adds to the cost of a text.
    let cost: Double
    /// The cost of the text before it up to which these are its ids.
    let reach: Double
  }

  /// The longest word that is kept, in bytes.
  static let longestWord = 128

  private struct Record {
    var hash: UInt64
    var cost: Double
    var reach: Double
    var byteCount: Int
    var idCount: Int
  }

  // Open addressing: a record's address lies at the first free slot, 0, from its hash on.
  private let slots: UnsafeMutablePointer<Atomic<UInt>>
  private let slotCount: Int
  private let capacity: Int
  private let lock = Mutex(())
  private var count = 0
  private var blocks: [UnsafeMutableRawPointer] = []
  private var blockEnd = 0
  private static let blockSize = 1 << 16

  /// - Parameter capacity: the number of words it has room for.
  init(capacity: Int = 1 << 17) {
    var slotCount = 16
    while slotCount < 2 * capacity { slotCount *= 2 }
    self.capacity = capacity
    self.slotCount = slotCount
    let zeros = UnsafeMutablePointer<UInt>.allocate(capacity: slotCount)
    zeros.initialize(repeating: 0, count: slotCount)
    // An atomic number lies in memory as the number does.
    slots = UnsafeMutableRawPointer(zeros)
      .bindMemory(to: Atomic<UInt>.self, capacity: slotCount)
  }

  deinit {
    slots.deinitialize(count: slotCount)
    slots.deallocate()
    for block in blocks { block.deallocate() }
  }

  /// The hash to begin a word with.
  static let hashSeed: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of a word with one byte more (FNV-1a).
  @inline(__always)
  static func hash(_ hash: UInt64, adding byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }

  /// What was kept for a word; `hash` is that of all its bytes.
  @inline(__always)
  func find(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Word? {
    record(of: word, hash: hash).record.map(Self.word)
  }

  /// Keeps what is known about a word, unless it is too long or the cache is full.
  func keep(
    _ word: UnsafeBufferPointer<UInt8>, hash: UInt64, ids: [Int], cost: Double, reach: Double
  ) {
    guard word.count <= Self.longestWord else { return }
    lock.withLock { _ in
      // Another thread may have been faster.
      let (found, slot) = record(of: word, hash: hash)
      guard found == nil, count < capacity else { return }
      let memory = room(
        for: MemoryLayout<Record>.stride + ids.count * MemoryLayout<Int>.stride + word.count)
      let record = memory.bindMemory(to: Record.self, capacity: 1)
      record.initialize(
        to: Record(
          hash: hash, cost: cost, reach: reach, byteCount: word.count, idCount: ids.count))
      let kept = Self.ids(of: record).bindMemory(to: Int.self, capacity: ids.count)
      for (index, id) in ids.enumerated() { (kept + index).initialize(to: id) }
      UnsafeMutableRawBufferPointer(start: Self.bytes(of: record), count: word.count)
        .copyMemory(from: UnsafeRawBufferPointer(word))
      count += 1
      slots[slot].store(UInt(bitPattern: memory), ordering: .releasing)
    }
  }

  /// The record of a word, or nil, and the slot where it lies or would.
  @inline(__always)
  private func record(of word: UnsafeBufferPointer<UInt8>, hash: UInt64)
    -> (record: UnsafeMutablePointer<Record>?, slot: Int)
  {
    // The low bits of FNV know only the low bits of the bytes.
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slotCount - 1)
    while let memory = UnsafeMutableRawPointer(
      bitPattern: slots[slot].load(ordering: .acquiring))
    {
      let record = memory.assumingMemoryBound(to: Record.self)
      if record.pointee.hash == hash && Self.spells(record, word) { return (record, slot) }
      slot = (slot + 1) & (slotCount - 1)
    }
    return (nil, slot)
  }

  @inline(__always)
  private static func spells(
    _ record: UnsafeMutablePointer<Record>, _ word: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard record.pointee.byteCount == word.count else { return false }
    let bytes = UnsafeRawBufferPointer(start: bytes(of: record), count: word.count)
    for index in 0..<word.count where bytes[index] != word[index] { return false }
    return true
  }

  // A record's ids lie behind it, its bytes behind those.
  @inline(__always)
  private static func ids(of record: UnsafeMutablePointer<Record>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(record + 1)
  }

  @inline(__always)
  private static func bytes(of record: UnsafeMutablePointer<Record>) -> UnsafeMutableRawPointer {
    ids(of: record) + record.pointee.idCount * MemoryLayout<Int>.stride
  }

  @inline(__always)
  private static func word(of record: UnsafeMutablePointer<Record>) -> Word {
    Word(
      ids: UnsafeBufferPointer(
        start: ids(of: record).assumingMemoryBound(to: Int.self), count: record.pointee.idCount),
      cost: record.pointee.cost, reach: record.pointee.reach)
  }

  /// Fresh memory, aligned for a record.
  private func room(for size: Int) -> UnsafeMutableRawPointer {
    let alignment = MemoryLayout<Record>.alignment
    let rounded = (size + alignment - 1) / alignment * alignment
    if let block = blocks.last, blockEnd + rounded <= Self.blockSize {
      defer { blockEnd += rounded }
      return block + blockEnd
    }
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(Self.blockSize, rounded), alignment: alignment)
    blocks.append(block)
    blockEnd = rounded
    return block
  }
}
