import Foundation
import Training

extension JSONValue {
  /// Any encodable value as a JSON value.
  public init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(value))
  }

  /// The one spelling of this value: keys sorted by their UTF-8 bytes, no white space, shortest
  /// numbers that read back the same (`5e-4` is `0.0005`, `1.0` is `1`), members that are null left
  /// out.
  ///
  /// - Precondition: numbers are finite, as every number read from JSON is.
  public var canonical: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
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
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      let kept = members.filter { $0.value != .null }
        .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, member) in kept.enumerated() {
        if index > 0 { text += "," }
        Self.quote(member.key, into: &text)
        text += ":"
        member.value.write(to: &text)
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
    if spec.schedule.lowRankLearningRate == spec.schedule.learningRate {
      spec.schedule.lowRankLearningRate = nil
    }
    if schedule.epochs == nil {
      spec.schedule.evaluateEvery = schedule.evaluationInterval
    } else {
      spec.schedule.steps = TrainingSchedule().steps
    }
    if schedule.decoding == .generation { spec.schedule.decoding = nil }
    if schedule.batchTokens != nil { spec.schedule.batchSize = TrainingSchedule().batchSize }
    spec.schedule.mixing = datasets.count > 1 ? schedule.mixing ?? .standard : nil
    return spec
  }
}
