/// How the backbone looks to a teacher, whose distribution over the next token a method is pulled
/// towards while it is trained (arXiv 1503.02531).
public struct Teacher: Sendable {
  /// What acts in the teacher's pass. It sees the parameters of the method that declared it.
  public let adaptation: Adaptation
  /// The factor of what it adds to the loss.
  public let weight: Float
  /// What both models' logits are divided by.
  public let temperature: Float
}
