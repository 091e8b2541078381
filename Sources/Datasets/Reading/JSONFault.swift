import Foundation

/// What is wrong with a line of JSON, from the error its decoding ended with.
struct JSONFault {
  var column: Int?
  var field: String?
  var problem: String

  /// - Parameter line: the bytes that were decoded.
  init(_ error: any Error, in line: Data) {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      field = JSONFault.name(context.codingPath + [key])
      problem = "expected this field, found none"
    case DecodingError.typeMismatch(let type, let context):
      field = JSONFault.name(context.codingPath)
      let found = JSONFault.found(in: context.debugDescription)
      problem = "expected \(JSONFault.kind(type))\(found)"
    case DecodingError.valueNotFound(let type, let context):
      field = JSONFault.name(context.codingPath)
      problem = "expected \(JSONFault.kind(type)), found null"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      field = JSONFault.name(context.codingPath)
      problem = context.debugDescription
    default:
      self = JSONFault(syntaxOf: line)
    }
  }

  /// The decoder does not say where the syntax is broken; the older parser does.
  private init(syntaxOf line: Data) {
    problem = "expected a JSON object"
    do {
      _ = try JSONSerialization.jsonObject(with: line)
    } catch {
      let reason = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
      if let place = reason.range(of: " around character ") {
        column = Int(reason[place.upperBound...].prefix(while: \.isNumber)).map { $0 + 1 }
        problem += " (\(reason[..<place.lowerBound]))"
      } else if reason.contains("end of file") {
        column = line.count + 1
        problem += " (the line ends too early)"
      }
    }
  }

  private static func name(_ path: [any CodingKey]) -> String? {
    guard !path.isEmpty else { return nil }
    return path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }

  private static func kind(_ type: Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is any Sequence.Type where !(type is [String: Any].Type): "a list"
    default: "an object"
    }
  }

  /// The decoder's own words for what it found instead, where it has some.
  private static func found(in description: String) -> String {
    guard let start = description.range(of: "but found ")?.upperBound,
      let end = description.range(of: " instead", range: start..<description.endIndex)?.lowerBound
    else { return "" }
    return ", found \(description[start..<end])"
  }
}
