import DeptTesting
import Experiments
import Foundation
import Synchronization
import Testing

@Suite("The end of a journal")
struct JournalEndTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/attempt-1.journal" }

  init() throws { folder = try TemporaryFolder() }

  private func point(_ step: Int, _ name: String = "train/loss") -> RunEvent {
    .metric(MetricPoint(step: step, name: name, value: 1 / Double(step)))
  }

  private func bytes() throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func put(_ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func read() throws -> [RunEvent] {
    var reader = JournalReader(path: path)
    return try reader.next()
  }

  /// A small journal: its events, its bytes, and where its lines end.
  private func sample() throws -> (events: [RunEvent], bytes: [UInt8], ends: [Int]) {
    var events = [RunEvent.started(RunStart(trainable: 3, total: 9, resumedFrom: 0))]
    for step in 1...4 { events += [point(step), point(step, "validation/f1")] }
    events.append(.stopped(step: 4))
    let journal = try Journal(path: path)
    for event in events { try journal.append(event) }
    journal.close()
    let bytes = try bytes()
    return (events, bytes, bytes.indices.filter { bytes[$0] == 0x0a }.map { $0 + 1 })
  }

  @Test("is followed by zeros while it is written, which go when it is closed")
  func zeros() throws {
    let journal = try Journal(path: path)
    try journal.append(point(1))
    let open = try bytes()
    let end = try #require(open.firstIndex(of: 0))
    #expect(open[end...].allSatisfy { $0 == 0 })
    #expect(open[end - 1] == 0x0a)
    #expect(try read() == [point(1)])
    journal.close()
    #expect(try bytes() == Array(open[..<end]))
    #expect(throws: JournalError.self) { try journal.append(point(2)) }
    #expect(try bytes() == Array(open[..<end]))
  }

  @Test("is given back when its attempt was killed, and not while somebody writes")
  func trimming() throws {
    let journal = try Journal(path: path)
    try journal.append(point(1))
    let open = try bytes()
    Journal.trim(path: path)
    #expect(try bytes() == open)
    journal.close()
    // As it is after a kill: the zeros are still there.
    try put(open)
    Journal.trim(path: path)
    #expect(try bytes() == Array(open[..<#require(open.firstIndex(of: 0))]))
    #expect(try read() == [point(1)])
    try put([UInt8](repeating: 0, count: 200_000))
    Journal.trim(path: path)
    #expect(try bytes().isEmpty)
    Journal.trim(path: path + "-missing")
    #expect(!FileManager.default.fileExists(atPath: path + "-missing"))
  }

  @Test("wherever it is cut, loses the torn line and no other", arguments: [0, 1, 100, 5000])
  func cut(zeros: Int) throws {
    let (events, bytes, ends) = try sample()
    for cut in 0...bytes.count {
      try put(bytes[..<cut] + [UInt8](repeating: 0, count: zeros))
      let whole = ends.count { $0 <= cut }
      #expect(try read() == Array(events[..<whole]))
      let journal = try Journal(path: path)
      try journal.append(.checkpoint(step: 7))
      journal.close()
      #expect(try read() == events[..<whole] + [.checkpoint(step: 7)])
    }
  }

  @Test("is a hole of zeros: nothing behind it is read, not even after it is written on")
  func hole() throws {
    let (events, bytes, ends) = try sample()
    for start in stride(from: 0, to: bytes.count - 1, by: 3) {
      for length in [1, 8, 64, 150] {
        var damaged = bytes
        for index in start..<min(start + length, bytes.count) { damaged[index] = 0 }
        try put(damaged)
        let whole = ends.count { $0 <= start }
        #expect(try read() == Array(events[..<whole]))
        let journal = try Journal(path: path)
        var expected = Array(events[..<whole])
        // More than the hole has room for, line by line.
        for step in 11...14 {
          try journal.append(point(step))
          expected.append(point(step))
          #expect(try read() == expected)
        }
        journal.close()
        #expect(try read() == expected)
        #expect(try self.bytes().allSatisfy { $0 != 0 })
      }
    }
  }

  @Test("grows over the space that is reserved at a time, with lines of any length")
  func growth() throws {
    let journal = try Journal(path: path)
    var events: [RunEvent] = []
    for number in 0..<3000 {
      let length = number % 500 == 499 ? 300_000 : number % 90
      let event = point(number + 1, String(repeating: "m", count: length + 1))
      events.append(event)
      try journal.append(event)
    }
    journal.close()
    var reader = JournalReader(path: path)
    var found: [RunEvent] = []
    while true {
      let next = try reader.next(limit: 1 << 16)
      if next.isEmpty { break }
      found += next
    }
    #expect(found == events)
    #expect(try bytes().count == reader.offset)
  }

  @Test("moves before the eyes of two readers, who see whole lines only, in order")
  func readers() {
    let count = 30_000
    let isDone = Atomic(false)
    DispatchQueue.concurrentPerform(iterations: 3) { thread in
      do {
        if thread == 0 {
          defer { isDone.store(true, ordering: .releasing) }
          let journal = try Journal(path: path)
          for step in 1...count { try journal.append(point(step)) }
          return
        }
        var reader = JournalReader(path: path)
        var next = 1
        while true {
          let isLast = isDone.load(ordering: .acquiring)
          let events = try reader.next()
          #expect(events == (next..<next + events.count).map { point($0) })
          next += events.count
          if isLast, events.isEmpty { break }
        }
        #expect(next == count + 1)
      } catch {
        Issue.record(error)
      }
    }
  }

  @Test("is not cut while another has the file open, whose lines stay")
  func shared() throws {
    let first = try Journal(path: path)
    try first.append(point(1))
    let second = try Journal(path: path)
    try second.append(.failed(RunFailure(.memory, "no more", step: 1)))
    second.close()
    #expect(try bytes().contains(0))
    first.close()
    #expect(try read() == [point(1), .failed(RunFailure(.memory, "no more", step: 1))])
  }

  @Test("cannot be in a folder's place, which is said")
  func refused() throws {
    #expect {
      _ = try Journal(path: folder.path)
    } throws: { "\($0)".contains("cannot open the journal") }
  }
}
