public import TensorEngine

/// One pass through the network beside a stack; without a network, nothing at all.
public struct SideRun {
  private let network: (any SideNetwork)?
  private let attention: SideAttention
  private let pass: Pass
  private var state: Tensor?

  init(
    _ network: (any SideNetwork)?, _ embedded: Tensor, _ attention: SideAttention, _ pass: Pass
  ) {
    self.network = network
    self.attention = attention
    self.pass = pass
    state = network?.begin(embedded, pass)
  }

  /// Goes on after a block put out `hidden` `[rows, width]`; `remember` is the network's own place
  /// in a cache of keys and values.
  public mutating func advance(
    past layer: Int, _ hidden: Tensor,
    remember: (_ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor) = { ($0, $1) }
  ) {
    guard let network, let before = state else { return }
    state = network.advance(before, past: layer, hidden, attention, pass, remember: remember)
  }

  /// What leaves the stack, where `hidden` `[rows, width]` would have left it.
  public func finish(_ hidden: Tensor) -> EmbeddedInput {
    let output = EmbeddedInput(embeddings: hidden, segments: pass.segments)
    guard let network, let state else { return output }
    return network.finish(state, output, pass)
  }
}
