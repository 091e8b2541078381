/// The modules of a model that an adapter of PEFT acts on.
public enum PEFTModules: Hashable, Sendable {
  /// Every module whose name is one of these or ends with a dot and one of these.
  case named([String])
  /// Every module whose whole name matches a regular expression of Python.
  case matching(String)

  var json: JSONValue {
    switch self {
    case .named(let names): .array(names.map(JSONValue.string))
    case .matching(let expression): .string(expression)
    }
  }
}
