import Foundation

/// The events of a stretch of a journal, with the points of each metric as columns.
package struct JournalBlock {
  /// The points of one metric, in the order in which they were written.
  package struct Curve {
    package var name: String
    package var steps: [Int] = []
    package var values: [Double] = []
  }

  /// One for each metric, in the order of their first points.
  package private(set) var curves: [Curve] = []
  /// Every event that is no point, in their order.
  package private(set) var others: [RunEvent] = []
  /// The kind of each event: the index of its curve, or -1.
  private var order: [Int32] = []
  private var indices: [String: Int] = [:]
  /// The curve of the point before: metrics tend to follow each other in the same order.
  private var previous = -1

  /// Whether the journal held no more whole lines when this was read.
  package let isLast: Bool

  /// Nothing yet.
  init(isLast: Bool) { self.isLast = isLast }

  /// The number of events.
  package var count: Int { order.count }

  /// All events, in their order.
  package var events: [RunEvent] {
    var positions = [Int](repeating: 0, count: curves.count)
    var position = 0
    return order.map { kind in
      guard kind >= 0 else {
        position += 1
        return others[position - 1]
      }
      let index = Int(kind)
      defer { positions[index] += 1 }
      let curve = curves[index]
      return .metric(
        MetricPoint(
          step: curve.steps[positions[index]], name: curve.name,
          value: curve.values[positions[index]]))
    }
  }

  /// Takes whole lines in; the indices of one that is no event, which ends it.
  mutating func add(lines: ArraySlice<UInt8>) -> Range<Int>? {
    lines.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard let base = rest.baseAddress, let found = memchr(base, 0x0a, rest.count) else { break }
        let line = UnsafeRawBufferPointer(rebasing: rest[..<(UnsafeRawPointer(found) - base)])
        guard add(line: line) else { return start..<start + line.count }
        start += line.count + 1
      }
      return nil
    }
  }

  private mutating func add(line: UnsafeRawBufferPointer) -> Bool {
    if let point = JournalLine.point(line) {
      let name = UnsafeRawBufferPointer(rebasing: line[point.name])
      let index = curve(named: name)
      curves[index].steps.append(point.step)
      curves[index].values.append(point.value)
      order.append(Int32(index))
      return true
    }
    guard let event = JournalLine.event(line) else { return false }
    if case .metric(let point) = event {
      let index = Array(point.name.utf8).withUnsafeBytes { curve(named: $0) }
      curves[index].steps.append(point.step)
      curves[index].values.append(point.value)
      order.append(Int32(index))
    } else {
      others.append(event)
      order.append(-1)
    }
    return true
  }

  private mutating func curve(named bytes: UnsafeRawBufferPointer) -> Int {
    let next = previous + 1 < curves.count ? previous + 1 : 0
    for guess in [next, previous] where curves.indices.contains(guess) {
      var name = curves[guess].name
      let isEqual = name.withUTF8 { name in
        name.count == bytes.count && UnsafeRawBufferPointer(name).elementsEqual(bytes)
      }
      if isEqual {
        previous = guess
        return guess
      }
    }
    let name = String(decoding: bytes, as: UTF8.self)
    let index = indices[name] ?? curves.count
    if index == curves.count {
      indices[name] = index
      curves.append(Curve(name: name))
    }
    previous = index
    return index
  }
}
