import Foundation

/// The fields of a JSON object that are asked for, as texts: numbers and truth values
/// in their plain decimal form.
struct JSONTexts: DecodableWithConfiguration {
  /// What is asked for.
  struct Columns: Hashable, Sendable {
    var required: [String]
    var optional: [String] = []
    /// Lists of texts, which may be left out.
    var lists: [String] = []
  }

  var texts: [String: String] = [:]
  var lists: [String: [String]] = [:]
  /// The first required field that is not there.
  var missing: String?
  /// All fields of the object, sorted.
  var names: [String] = []

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder, configuration columns: Columns) throws {
    let object = try decoder.container(keyedBy: Name.self)
    for column in columns.required {
      let name = Name(stringValue: column)
      guard object.contains(name) else {
        missing = column
        names = object.allKeys.map(\.stringValue).sorted()
        return
      }
      texts[column] = try object.decode(JSONText.self, forKey: name).text
    }
    for column in columns.optional {
      let text = try object.decodeIfPresent(JSONText.self, forKey: Name(stringValue: column))
      texts[column] = text?.text
    }
    for column in columns.lists {
      let list = try object.decodeIfPresent([JSONText].self, forKey: Name(stringValue: column))
      lists[column] = list?.map(\.text)
    }
  }
}
