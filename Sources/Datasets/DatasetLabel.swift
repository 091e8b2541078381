/// A class of a data set: the text the model writes for it, and what it means.
public struct DatasetLabel: Hashable, Sendable, Codable {
  /// What the model is trained to write, such as `0`.
  public var target: String
  /// What it stands for, such as `entailment`.
  public var meaning: String

  public init(_ target: String, _ meaning: String) {
    self.target = target
    self.meaning = meaning
  }

  /// Labels whose targets are their indices: `numbered("negative", "positive")`.
  public static func numbered(_ meanings: String...) -> [DatasetLabel] {
    meanings.enumerated().map { DatasetLabel(String($0.offset), $0.element) }
  }
}
