import NeuralNetworks
import TensorEngine

/// Token-by-token decoding with a key–value cache; sources are read once.
struct GPT2DecodingSession: DecodingSession {
  private let model: GPT2
  private let forward: Forward
  private var past: GPT2Past
  /// The last hidden state of every source, `[sources, width]`.
  private let last: Tensor
  /// The source of each row, ascending.
  private var sourceOfRow: [Int32]

  init(_ model: GPT2, _ source: PackedTokens, _ forward: Forward) {
    self.model = model
    let forward = forward.remembering()
    self.forward = forward
    // Part by part: activations take less memory, and a part's rows are enough for products.
    let parts = source.parts(of: 1024)
    let read = (parts.isEmpty ? [source] : parts).map {
      model.remember(model.read($0, forward), forward)
    }
    past = GPT2Past(stacking: read.map(\.past))
    last = Tensor(joiningRows: read.map(\.last))
    sourceOfRow = (0..<Int32(source.segments.count)).map { $0 }
  }

  mutating func advance(_ tokens: [Int32]?, parents: [Int32]) -> Tensor {
    guard let tokens else { return logits(last) }
    past = past.keeping(parents)
    sourceOfRow = parents.map { sourceOfRow[Int($0)] }
    precondition(tokens.count == sourceOfRow.count, "one token a row")
    let before = past
    let rows = Segments(lengths: tokens.map { _ in 1 })
    var blocks: [Int: (keys: Tensor, values: Tensor)] = [:]
    let hidden = model.stack(
      EmbeddedInput(
        embeddings: model.embed(tokens, forward), segments: rows,
        firstPosition: before.firstPosition),
      after: before.segments, sources: sourceOfRow, forward
    ) {
      let all = before.followed(by: $1, $2, rows, block: $0)
      blocks[$0] = all
      return all
    }
    past.segments = before.segments.appending(rows)
    past.blocks = blocks
    return logits(hidden)
  }

  private func logits(_ hidden: Tensor) -> Tensor {
    let rows = Segments(lengths: sourceOfRow.map { _ in 1 })
    return model.project(hidden, model.over(rows, sourceOfRow, forward))
  }
}
