/// A field in which two runs differ; `nil` where one has no such field.
struct FieldDifference: Hashable, Encodable {
  var field: String
  var first: String?
  var second: String?

  /// The fields whose values differ, in the order of the first, then of the second.
  static func between(
    _ first: [(String, String)], _ second: [(String, String)]
  ) -> [FieldDifference] {
    let values = (
      Dictionary(first, uniquingKeysWith: { $1 }), Dictionary(second, uniquingKeysWith: { $1 })
    )
    let names = first.map(\.0) + second.map(\.0).filter { values.0[$0] == nil }
    return names.compactMap { name in
      guard values.0[name] != values.1[name] else { return nil }
      return FieldDifference(field: name, first: values.0[name], second: values.1[name])
    }
  }
}
