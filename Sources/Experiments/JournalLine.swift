import Foundation

/// One line of a journal: a `RunEvent` as JSON with sorted keys, without its line feed.
///
/// A point of a metric is by far the most frequent event, so it has a short cut past the JSON
/// coder in both directions; the bytes are those that the coder writes.
package enum JournalLine {
  /// Bytes of `event`, ending in a line feed.
  package static func bytes(of event: RunEvent) throws -> [UInt8] {
    if case .metric(let point) = event, let line = metricLine(point) { return line }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try [UInt8](encoder.encode(event)) + [newline]
  }

  /// The event of one line without its line feed; `nil` where the bytes are no event.
  package static func event(_ line: UnsafeRawBufferPointer) -> RunEvent? {
    if let point = metricPoint(line) { return .metric(point) }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(RunEvent.self, from: Data(line))
  }

  static let newline = UInt8(ascii: "\n")
  private static let head = Array(#"{"metric":{"_0":{"name":""#.utf8)
  private static let step = Array(#"","step":"#.utf8)
  private static let value = Array(#","value":"#.utf8)
  private static let tail = Array("}}}".utf8)

  /// `nil` where the name needs escaping or the value is no JSON number.
  private static func metricLine(_ point: MetricPoint) -> [UInt8]? {
    guard point.value.isFinite, point.name.utf8.allSatisfy(isPlain) else { return nil }
    var line: [UInt8] = []
    line.reserveCapacity(96)
    line += head
    line += point.name.utf8
    line += step
    line += String(point.step).utf8
    line += value
    line += numeral(point.value).utf8
    line += tail
    line.append(newline)
    return line
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  private static func numeral(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func metricPoint(_ line: UnsafeRawBufferPointer) -> MetricPoint? {
    guard starts(line, at: 0, with: head) else { return nil }
    let nameStart = head.count
    var index = nameStart
    while index < line.count, line[index] != UInt8(ascii: "\"") {
      guard isPlain(line[index]) else { return nil }
      index += 1
    }
    let name = line[nameStart..<index]
    guard starts(line, at: index, with: step) else { return nil }
    index += step.count
    var number = 0
    let numberStart = index
    while index < line.count, let digit = decimalDigit(line[index]), index - numberStart < 18 {
      number = number * 10 + digit
      index += 1
    }
    guard index > numberStart, starts(line, at: index, with: value) else { return nil }
    index += value.count
    guard line.count - index > tail.count, starts(line, at: line.count - 3, with: tail),
      let scalar = Double(String(decoding: line[index..<line.count - tail.count], as: UTF8.self))
    else { return nil }
    return MetricPoint(
      step: number, name: String(decoding: name, as: UTF8.self), value: scalar)
  }

  private static func decimalDigit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
  }

  private static func starts(
    _ line: UnsafeRawBufferPointer, at start: Int, with pattern: [UInt8]
  ) -> Bool {
    guard line.count - start >= pattern.count else { return false }
    for offset in 0..<pattern.count where line[start + offset] != pattern[offset] { return false }
    return true
  }
}
