import Foundation

/// One line of a journal: a `RunEvent` as JSON with sorted keys, without its line feed.
///
/// A point of a metric is by far the most frequent event, so it has a short cut past the JSON
/// coder in both directions; the bytes are those that the coder writes.
package enum JournalLine {
  /// Bytes of `event`, ending in a line feed.
  package static func bytes(of event: RunEvent) throws -> [UInt8] {
    if case .metric(let point) = event {
      let line = [UInt8](
        unsafeUninitializedCapacity: longestPoint + point.name.utf8.count
      ) { room, count in count = write(point, to: room) }
      if !line.isEmpty { return line }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try [UInt8](encoder.encode(event)) + [newline]
  }

  /// The event of one line without its line feed; `nil` where the bytes are no event.
  package static func event(_ line: UnsafeRawBufferPointer) -> RunEvent? {
    if let point = point(line) {
      let name = UnsafeRawBufferPointer(rebasing: line[point.name])
      return .metric(
        MetricPoint(
          step: point.step, name: String(decoding: name, as: UTF8.self), value: point.value))
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(RunEvent.self, from: Data(line))
  }

  static let newline = UInt8(ascii: "\n")
}
