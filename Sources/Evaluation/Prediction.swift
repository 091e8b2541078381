/// One output of a model beside everything that counts as right.
public struct Prediction: Hashable, Sendable, Codable {
  /// What the model wrote.
  public var text: String
  /// Every accepted answer, at least one.
  public var references: [String]
  /// What it is judged together with: the question that a MultiRC answer belongs to.
  public var group: String?

  /// - Parameter group: `nil`: it is judged alone.
  /// - Precondition: `references` is not empty.
  public init(_ text: String, references: [String], group: String? = nil) {
    precondition(!references.isEmpty, "a prediction needs at least one reference")
    self.text = text
    self.references = references
    self.group = group
  }

  /// The output without the white space around it: what labels are compared as.
  public var label: String { text.trimmingWhitespace }

  /// The first reference without the white space around it.
  public var expected: String { references[0].trimmingWhitespace }
}

extension StringProtocol {
  /// The text without leading and trailing Unicode white space.
  var trimmingWhitespace: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(self[first..<scalars.index(after: last)])
  }
}
