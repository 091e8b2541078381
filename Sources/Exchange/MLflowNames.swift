/// Names of metrics as MLflow accepts them: letters, digits, `_-. :/`, no empty parts, at most 250
/// characters; two that would become the same stay apart.
struct MLflowNames {
  static let longestKey = 250
  static let longestValue = 8000

  private var given: [String: String] = [:]
  private var taken: Set<String> = []

  mutating func name(for metric: String) -> String {
    if let name = given[metric] { return name }
    let parts = metric.split(separator: "/").map { part in
      String(
        part.unicodeScalars.map { scalar in
          scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "_-. :".unicodeScalars.contains(scalar)
            ? Character(scalar) : "_"
        })
    }
    let kept = parts.filter { $0 != "." && $0 != ".." }.joined(separator: "/")
    let base = String((kept.isEmpty ? "_" : kept).prefix(Self.longestKey))
    var name = base
    var number = 1
    while taken.contains(name.lowercased()) {
      number += 1
      let suffix = "_\(number)"
      name = base.prefix(Self.longestKey - suffix.count) + suffix
    }
    taken.insert(name.lowercased())
    given[metric] = name
    return name
  }

  /// A value no longer than MLflow keeps; its end says that there was more.
  static func value(_ text: String) -> String {
    guard text.unicodeScalars.count > longestValue else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestValue - 1))) + "…"
  }

  static func key(_ text: String) -> String {
    guard text.unicodeScalars.count > longestKey else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestKey)))
  }
}
