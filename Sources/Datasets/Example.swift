/// One text-to-text example: what the model reads, what it should write, and what counts as right.
public struct Example: Hashable, Sendable, Codable {
  /// The text the model reads.
  public var source: String
  /// The text the model is trained to write.
  public var target: String
  /// Every answer that counts as right; `[target]` where the data set knows only one.
  public var references: [String]
  /// What belongs together when it is judged, such as the answers to one question of MultiRC.
  public var group: String?

  /// - Parameter references: every accepted answer; `nil` means the target alone.
  public init(source: String, target: String, references: [String]? = nil, group: String? = nil) {
    self.source = source
    self.target = target
    self.references = references ?? [target]
    self.group = group
  }
}
