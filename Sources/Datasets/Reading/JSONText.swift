import Foundation

/// A JSON text, number or truth value as a text.
struct JSONText: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    do {
      text = try value.decode(String.self)
    } catch DecodingError.typeMismatch(let type, let context) {
      if let truth = try? value.decode(Bool.self) {
        text = truth ? "true" : "false"
      } else if let number = try? value.decode(Decimal.self) {
        text = number.description
      } else {
        throw DecodingError.typeMismatch(type, context)
      }
    }
  }
}
