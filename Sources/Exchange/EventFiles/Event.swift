import Experiments
import RunStorage

/// What an event file says at one moment, as far as it concerns curves and hyperparameters.
struct Event {
  /// Seconds since 1970.
  var time = 0.0
  var step = 0
  var scalars: [(tag: String, value: Double)] = []
  var hyperparameters: [String: JSONValue] = [:]
  /// 1: it has succeeded, 2: it has failed.
  var status: Int?
  var beginning: Double?
  var end: Double?

  init(_ bytes: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: time = value.double ?? time
      case 2:
        step = value.integer ?? step
        guard PointIntake.steps.contains(step) else { throw ProtobufReader.Malformed() }
      case 5:
        guard var summary = value.message else { continue }
        while let (field, value) = try summary.next() {
          if field == 1, let entry = value.message { try read(entry) }
        }
      default: break
      }
    }
  }

  /// One named value of a summary.
  private mutating func read(_ entry: ProtobufReader) throws(ProtobufReader.Malformed) {
    var reader = entry
    var tag = ""
    var plugin = ""
    var content: ProtobufReader?
    var number: Double?
    while let (field, value) = try reader.next() {
      switch field {
      case 1: tag = value.text ?? ""
      case 2: number = value.float.map(Double.init)
      case 8: if let tensor = value.message { number = try Self.scalar(tensor) ?? number }
      case 9: if let metadata = value.message { (plugin, content) = try Self.plugin(metadata) }
      default: break
      }
    }
    if plugin == HyperparameterRecord.plugin {
      if let content { try readHyperparameters(content) }
    } else if let number, plugin.isEmpty || plugin == "scalars" {
      scalars.append((tag, number))
    }
  }

  private static func plugin(
    _ metadata: ProtobufReader
  ) throws(ProtobufReader.Malformed) -> (String, ProtobufReader?) {
    var metadata = metadata
    var name = ""
    var content: ProtobufReader?
    while let (field, value) = try metadata.next() {
      guard field == 1, var plugin = value.message else { continue }
      while let (field, value) = try plugin.next() {
        if field == 1 { name = value.text ?? "" }
        if field == 2 { content = value.message }
      }
    }
    return (name, content)
  }

  /// The number of a tensor without dimensions; `nil` for every other.
  private static func scalar(
    _ tensor: ProtobufReader
  ) throws(ProtobufReader.Malformed) -> Double? {
    var tensor = tensor
    var kind = 0
    var isScalar = true
    var raw: UnsafeRawBufferPointer?
    var number: Double?
    while let (field, value) = try tensor.next() {
      switch field {
      case 1: kind = value.integer ?? 0
      case 2: isScalar = value.buffer?.isEmpty ?? true
      case 4: raw = value.buffer
      case 5: number = value.float.map(Double.init) ?? Self.packed(value, Float.self)
      case 6: number = value.double ?? Self.packed(value, Double.self)
      case 7, 10:
        if case .bytes(let bytes) = value {
          var inner = ProtobufReader(bytes)
          number = try inner.lone().map { Double(Int64(bitPattern: $0)) }
        } else {
          number = value.integer.map(Double.init)
        }
      default: break
      }
    }
    guard isScalar else { return nil }
    if let raw, !raw.isEmpty {
      switch kind {
      case 1 where raw.count == 4:
        return Double(Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self))))
      case 2 where raw.count == 8:
        return Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)))
      case 3 where raw.count == 4:
        return Double(Int32(littleEndian: raw.loadUnaligned(as: Int32.self)))
      case 9 where raw.count == 8:
        return Double(Int64(littleEndian: raw.loadUnaligned(as: Int64.self)))
      default: return nil
      }
    }
    return number
  }

  private static func packed<Number: BinaryFloatingPoint>(
    _ value: ProtobufReader.Value, _ type: Number.Type
  ) -> Double? {
    guard let bytes = value.buffer, bytes.count == MemoryLayout<Number>.size else { return nil }
    return Double(bytes.loadUnaligned(as: Number.self))
  }

  private mutating func readHyperparameters(
    _ content: ProtobufReader
  ) throws(ProtobufReader.Malformed) {
    var content = content
    while let (field, value) = try content.next() {
      guard var session = value.message else { continue }
      while let (inner, value) = try session.next() {
        switch (field, inner) {
        case (3, 1): if let entry = value.message { try readHyperparameter(entry) }
        case (3, 5): beginning = value.double
        case (4, 1): status = value.integer
        case (4, 2): end = value.double
        default: break
        }
      }
    }
  }

  private mutating func readHyperparameter(
    _ entry: ProtobufReader
  ) throws(ProtobufReader.Malformed) {
    var entry = entry
    var name = ""
    var number: JSONValue?
    while let (field, value) = try entry.next() {
      if field == 1 { name = value.text ?? "" }
      guard field == 2, var inner = value.message else { continue }
      while let (field, value) = try inner.next() {
        switch field {
        case 2: number = value.double.map(ParameterText.number)
        case 3: number = value.text.map(JSONValue.string)
        case 4: number = value.integer.map { .bool($0 != 0) }
        default: break
        }
      }
    }
    if let number { hyperparameters[name] = number }
  }
}
