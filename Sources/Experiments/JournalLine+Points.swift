/// The short cut for points of metrics.
extension JournalLine {
  private static let head: StaticString = #"{"metric":{"_0":{"name":""#
  private static let step: StaticString = #"","step":"#
  private static let value: StaticString = #","value":"#
  private static let tail: StaticString = "}}}"

  /// The most bytes that a point's line has beside its name.
  static let longestPoint = 128

  /// Writes a point's line and returns its length; 0, and nothing is written, where the name needs
  /// escaping or the value is no JSON number.
  static func write(_ point: MetricPoint, to room: UnsafeMutableBufferPointer<UInt8>) -> Int {
    guard point.value.isFinite else { return 0 }
    var count = 0
    func add(_ bytes: UnsafeBufferPointer<UInt8>) {
      let rest = UnsafeMutableBufferPointer(rebasing: room[count...])
      count += rest.update(fromContentsOf: bytes)
    }
    func add(_ text: StaticString) {
      add(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    var name = point.name
    let isWritten = name.withUTF8 { name in
      guard name.allSatisfy({ isPlain($0) }) else { return false }
      add(head)
      add(name)
      return true
    }
    guard isWritten else { return 0 }
    add(step)
    var number = String(point.step)
    number.withUTF8 { add($0) }
    add(value)
    // The shortest text that reads back as the same number; whole ones without a fraction.
    var text = point.value.description
    text.withUTF8 { text in
      let isWhole =
        text.count > 2 && text[text.count - 1] == UInt8(ascii: "0")
        && text[text.count - 2] == UInt8(ascii: ".")
      add(isWhole ? UnsafeBufferPointer(rebasing: text.dropLast(2)) : text)
    }
    add(tail)
    room[count] = newline
    return count + 1
  }

  /// A point whose name is still bytes of its line.
  struct PlainPoint {
    var name: Range<Int>
    var step: Int
    var value: Double
  }

  /// The point of a line as `write` makes it; `nil` for any other.
  static func point(_ line: UnsafeRawBufferPointer) -> PlainPoint? {
    guard starts(line, at: 0, with: head) else { return nil }
    let nameStart = head.utf8CodeUnitCount
    var index = nameStart
    while index < line.count, line[index] != UInt8(ascii: "\"") {
      guard isPlain(line[index]) else { return nil }
      index += 1
    }
    let name = nameStart..<index
    guard starts(line, at: index, with: step) else { return nil }
    index += step.utf8CodeUnitCount
    var number = 0
    let numberStart = index
    while index < line.count, let digit = decimalDigit(line[index]), index - numberStart < 18 {
      number = number * 10 + digit
      index += 1
    }
    guard index > numberStart, starts(line, at: index, with: value) else { return nil }
    index += value.utf8CodeUnitCount
    let end = line.count - tail.utf8CodeUnitCount
    guard end > index, starts(line, at: end, with: tail) else { return nil }
    let digits = UnsafeRawBufferPointer(rebasing: line[index..<end])
    guard let scalar = Double(String(decoding: digits, as: UTF8.self)) else { return nil }
    return PlainPoint(name: name, step: number, value: scalar)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func decimalDigit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
  }

  private static func starts(
    _ line: UnsafeRawBufferPointer, at start: Int, with pattern: StaticString
  ) -> Bool {
    let count = pattern.utf8CodeUnitCount
    guard line.count - start >= count else { return false }
    for offset in 0..<count where line[start + offset] != pattern.utf8Start[offset] {
      return false
    }
    return true
  }
}
