import Foundation

/// How the items of a data set become examples, where that is not as the data set has it.
public struct Preparation: Hashable, Sendable, Codable {
  /// What the model reads; `nil`: the data set's own template.
  public var template: Template?
  /// What the model writes for a class, by the data set's own word for it (the verbalizer of
  /// prompt-based fine-tuning): `["0": "no", "1": "yes"]`; classes that are left out keep theirs.
  public var labelWords: [String: String]?
  /// The column of own data that holds what the model is trained to write; `nil`: `target`.
  public var targetColumn: String?
  /// Whether mistakes of the paper's code are repeated.
  public var form: DataForm

  public init(
    template: Template? = nil, labelWords: [String: String]? = nil, targetColumn: String? = nil,
    form: DataForm = .corrected
  ) {
    self.template = template
    self.labelWords = labelWords
    self.targetColumn = targetColumn
    self.form = form
  }

  /// As the data set has it.
  public static let standard = Preparation()

  /// What the model writes for each class of a data set.
  public func targets(of dataset: any Dataset) -> [String] {
    dataset.labels.map { labelWords?[$0.target] ?? $0.target }
  }

  /// The data set's own word for what a model wrote, white space around it aside; other texts stay
  /// as they are.
  ///
  /// Metrics know a data set's own words only. One that was replaced is no answer any more, and
  /// comes back in quotes, which no class is called by.
  public func ownWord(for text: String) -> String {
    guard let labelWords else { return text }
    let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let own = labelWords.first {
      $0.value.trimmingCharacters(in: .whitespacesAndNewlines) == word
    }
    if let own { return own.key }
    return labelWords.keys.contains(word) ? "'\(word)'" : text
  }

  /// An example of a data set that is made as whole texts, with its class in these words.
  func reworded(_ example: Example) -> Example {
    guard let word = labelWords?[example.target] else { return example }
    var example = example
    example.references = example.references.map { labelWords?[$0] ?? $0 }
    example.target = word
    return example
  }

  private enum Key: String, CodingKey { case template, labelWords, targetColumn, form }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    template = try container.decodeIfPresent(Template.self, forKey: .template)
    labelWords = try container.decodeIfPresent([String: String].self, forKey: .labelWords)
    targetColumn = try container.decodeIfPresent(String.self, forKey: .targetColumn)
    form = try container.decodeIfPresent(DataForm.self, forKey: .form) ?? .corrected
  }

  /// What is as the data set has it is not written: the identity of a run depends on it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(template, forKey: .template)
    try container.encodeIfPresent(labelWords, forKey: .labelWords)
    try container.encodeIfPresent(targetColumn, forKey: .targetColumn)
    if form != .corrected { try container.encode(form, forKey: .form) }
  }
}
