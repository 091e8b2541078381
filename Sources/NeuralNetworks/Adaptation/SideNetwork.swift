public import TensorEngine

/// A network beside a stack of the backbone: it reads what every block puts out, and what it makes
/// of that goes on instead of the stack's own hidden states. Nothing of it flows back into the
/// stack, so where nothing else is trained the stack's hidden states are constants.
public protocol SideNetwork: Sendable {
  /// The first state, `[rows, side width]`, from the embedded input `[rows, width]`.
  func begin(_ embedded: Tensor, _ pass: Pass) -> Tensor

  /// The state after block `layer` of the stack put out `hidden`, `[rows, width]`.
  ///
  /// - Parameters:
  ///   - attention: how the stack attends in this pass; keys and values of the network's own have
  ///     the same rows.
  ///   - remember: takes keys and values of the rows that enter, and returns those of all rows that
  ///     they may attend to; called once a block at most.
  func advance(
    _ state: Tensor, past layer: Int, _ hidden: Tensor, _ attention: SideAttention, _ pass: Pass,
    remember: (_ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor

  /// What leaves the stack, given what would have left it: the hidden states replaced, or a tensor
  /// beside them.
  func finish(_ state: Tensor, _ output: EmbeddedInput, _ pass: Pass) -> EmbeddedInput
}

/// How a stack attends in one pass: over its own rows, and over those of the sources.
public struct SideAttention: Sendable {
  public let own: AttentionShape
  /// Where a decoder reads an encoder.
  public let cross: AttentionShape?
}
