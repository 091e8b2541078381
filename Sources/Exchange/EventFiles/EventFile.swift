import Foundation

/// Writes a TensorBoard event file: records, each with the checksums of its length and content.
struct EventFile {
  private let file: OutputFile

  /// - Parameter begin: seconds since 1970.
  init(path: String, begin: Double, replacing: Bool) throws(ExchangeError) {
    file = try OutputFile(path: path, replacing: replacing)
    var event = ProtobufWriter()
    event.double(1, begin)
    event.string(3, "brain.Event:2")
    try append(event.bytes)
  }

  /// One value of one curve; event files keep values as single-precision numbers.
  func scalar(
    _ tag: String, step: Int, value: Double, at time: Double
  ) throws(ExchangeError) {
    var event = ProtobufWriter()
    event.double(1, time)
    event.varint(2, step)
    event.message(5) { summary in
      summary.message(1) { entry in
        entry.string(1, tag)
        entry.float(2, Float(value))
      }
    }
    try append(event.bytes)
  }

  /// What the plugin for hyperparameters reads.
  func hyperparameters(
    _ content: HyperparameterRecord, at time: Double
  ) throws(ExchangeError) {
    var event = ProtobufWriter()
    event.double(1, time)
    event.message(5) { summary in
      summary.message(1) { entry in
        entry.string(1, content.tag)
        entry.message(9) { metadata in
          metadata.message(1) { plugin in
            plugin.string(1, HyperparameterRecord.plugin)
            plugin.data(2, content.bytes)
          }
        }
        // A tensor without elements: readers drop a value that has none.
        entry.message(8) { tensor in
          tensor.varint(1, 1)
          tensor.message(2) { shape in shape.message(2) { _ in } }
        }
      }
    }
    try append(event.bytes)
  }

  /// Puts the whole file in its place.
  func finish() throws(ExchangeError) { try file.finish() }

  private func append(_ content: [UInt8]) throws(ExchangeError) {
    var record: [UInt8] = []
    record.reserveCapacity(content.count + 16)
    withUnsafeBytes(of: UInt64(content.count).littleEndian) { length in
      record.append(contentsOf: length)
      Self.append(Checksum.masked(length), to: &record)
    }
    record += content
    Self.append(content.withUnsafeBytes(Checksum.masked), to: &record)
    try file.write(record)
  }

  private static func append(_ sum: UInt32, to record: inout [UInt8]) {
    withUnsafeBytes(of: sum.littleEndian) { record.append(contentsOf: $0) }
  }
}
