package import Foundation
import Training

extension JSONValue {
  /// Any encodable value as a JSON value.
  public init(encoding value: some Encodable) throws {
    self = try JSONValueEncoder.encode(value)
  }

  /// The value that `data` is the text of.
  ///
  /// - Throws: an error that says no more than that it is not JSON.
  package init(parsing data: Data) throws {
    self = try JSONParser.value(of: data)
  }

  /// What this is the encoding of.
  package func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
    try JSONValueDecoder.decode(type, from: self)
  }

  /// The one spelling of this value: keys sorted by their UTF-8 bytes, no white space, shortest
  /// numbers that read back the same (`5e-4` is `0.0005`, `1.0` is `1`), members that are null left
  /// out.
  ///
  /// - Precondition: numbers are finite, as every number read from JSON is.
  public var canonical: String {
    var text = ""
    write(to: &text, keepsNull: false)
    return text
  }

  /// This value as JSON text that reads back the same.
  ///
  /// - Precondition: numbers are finite, as every number read from JSON is.
  package var text: String {
    var text = ""
    write(to: &text, keepsNull: true)
    return text
  }

  private func write(to text: inout String, keepsNull: Bool) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += Self.spelling(of: value)
    case .string(let value): Self.quote(value, into: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text, keepsNull: keepsNull)
      }
      text += "]"
    case .object(let members):
      text += "{"
      let kept = members.filter { keepsNull || $0.value != .null }
        .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, member) in kept.enumerated() {
        if index > 0 { text += "," }
        Self.quote(member.key, into: &text)
        text += ":"
        member.value.write(to: &text, keepsNull: keepsNull)
      }
      text += "}"
    }
  }

  /// Whole numbers are written as integers, so that a reader's choice of type does not matter.
  private static func spelling(of value: Double) -> String {
    precondition(value.isFinite, "JSON has no \(value)")
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    // As a rule nothing has to be escaped.
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) {
      text += string
      text += "\""
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension RunSpec {
  /// The description whose digest, with those of data and backbone, is the run's identity.
  ///
  /// Two ways of saying the same run have one description: a low-rank rate equal to the base rate
  /// and the decoding that is the default are left out, the evaluation interval and the mixing of
  /// several tasks are written with their defaults filled in, and a number of examples that a token
  /// budget replaces, or of steps that epochs replace, is the default one. Its sources are written
  /// likewise.
  public func canonicalDescription() throws -> String {
    try JSONValue(encoding: normalized).canonical
  }

  /// The same run, said in the one way that is left; its sources likewise.
  var normalized: RunSpec { mapped { $0 = $0.normalizedAlone } }

  private var normalizedAlone: RunSpec {
    var spec = self
    spec.schedule = schedule.normalized(taskCount: datasets.count)
    return spec
  }
}

extension TrainingSchedule {
  /// The same schedule, said in the one way that is left.
  func normalized(taskCount: Int) -> TrainingSchedule {
    var schedule = self
    if lowRankLearningRate == learningRate { schedule.lowRankLearningRate = nil }
    if epochs == nil {
      schedule.evaluateEvery = evaluationInterval
    } else {
      schedule.steps = TrainingSchedule().steps
    }
    if decoding == .generation { schedule.decoding = nil }
    if batchTokens != nil { schedule.batchSize = TrainingSchedule().batchSize }
    schedule.mixing = taskCount > 1 ? mixing ?? .standard : nil
    return schedule
  }
}
