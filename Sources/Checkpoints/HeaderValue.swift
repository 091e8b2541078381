/// A JSON value of a safetensors header, with its members in the order of the file.
///
/// Foundation's parsers drop all but one of two members with the same name, which a header must
/// not have, so headers have a reader of their own.
indirect enum HeaderValue: Equatable {
  case null
  case boolean(Bool)
  /// A number that is a whole one in `Int`'s range.
  case integer(Int)
  /// Any other number, as spelled.
  case number(String)
  case string(String)
  case array([HeaderValue])
  case object([Member])

  /// A name with its value, and where the name starts.
  struct Member: Equatable {
    var name: String
    var value: HeaderValue
    var byte: Int
  }

  /// The whole numbers of a list that has nothing else.
  var integers: [Int]? {
    guard case .array(let values) = self else { return nil }
    var found: [Int] = []
    for value in values {
      guard case .integer(let number) = value else { return nil }
      found.append(number)
    }
    return found
  }

  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}
