import Foundation

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
    guard point.value.isFinite, let start = room.baseAddress, isPlain(point.name) else { return 0 }
    var end = start
    put(head, at: &end)
    put(point.name, at: &end)
    put(step, at: &end)
    put(String(point.step), at: &end)
    put(value, at: &end)
    // The shortest text that reads back as the same number; whole ones without a fraction.
    put(point.value.description, at: &end)
    if (end - 1).pointee == UInt8(ascii: "0"), (end - 2).pointee == UInt8(ascii: ".") { end -= 2 }
    put(tail, at: &end)
    end.pointee = newline
    return end + 1 - start
  }

  private static func put(_ text: StaticString, at end: inout UnsafeMutablePointer<UInt8>) {
    end.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    end += text.utf8CodeUnitCount
  }

  private static func put(_ text: String, at end: inout UnsafeMutablePointer<UInt8>) {
    var text = text
    let target = end
    end += text.withUTF8 { bytes in
      guard let first = bytes.baseAddress else { return 0 }
      target.update(from: first, count: bytes.count)
      return bytes.count
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { bytes in
      for byte in bytes where !isPlain(byte) { return false }
      return true
    }
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
    guard line.count - start >= count, let base = line.baseAddress else { return false }
    return memcmp(base + start, pattern.utf8Start, count) == 0
  }
}
