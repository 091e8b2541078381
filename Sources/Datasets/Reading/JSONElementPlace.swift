/// Where an element of `JSONElements` begins, for what is found wrong in it.
public struct JSONElementPlace: Hashable, Sendable {
  public let path: String
  /// From 1.
  public let line: Int
  /// In bytes, from 1.
  public let column: Int
  /// The list and the element's place in it, from 0: `data.[12]`.
  public let field: String

  /// The fault that this element, or a field of it, has.
  public func malformed(field inner: String? = nil, _ problem: String) -> DatasetError {
    let name = inner.map { "\(field).\($0)" } ?? field
    return .malformed(path: path, line: line, column: column, field: name, problem)
  }
}
