import NeuralNetworks
import TensorEngine

/// Token-by-token decoding with a key–value cache; the encoder runs once.
struct T5DecodingSession: DecodingSession {
  private let model: T5
  private let forward: Forward
  private let source: EmbeddedInput
  private let cross: [T5Memory]
  /// Keys and values of all rows read so far, packed row by row: each block's, then those of a
  /// network beside it.
  private var cache: [(keys: Tensor, values: Tensor)?]
  /// The source of each row, ascending.
  private var sourceOfRow: [Int32]
  /// Tokens read so far by every row.
  private var position = 0

  /// - Parameter queryCount: tokens that are written for a source, over all its rows.
  init(_ model: T5, _ source: PackedTokens, queryCount: Int, _ forward: Forward) {
    self.model = model
    let forward = forward.remembering()
    self.forward = forward
    let encoded = model.encodeInParts(source, forward)
    self.source = encoded
    cross = model.decoder.crossMemory(encoded, queryCount: queryCount, forward)
    cache = Array(repeating: nil, count: 2 * model.decoder.blocks.count)
    sourceOfRow = (0..<Int32(encoded.segments.count)).map { $0 }
  }

  mutating func advance(_ tokens: [Int32]?, parents: [Int32]) -> Tensor {
    if tokens != nil { keep(parents) }
    let start = Int32(model.configuration.decoderStartToken)
    let read = tokens ?? Array(repeating: start, count: sourceOfRow.count)
    precondition(read.count == sourceOfRow.count, "one token a row")
    let rows = Segments(lengths: Array(repeating: 1, count: read.count))
    let past = Segments(lengths: Array(repeating: position, count: read.count))
    let layout = T5Decoder.Layout(
      model.configuration, rows: rows, past: past.extended(by: 1), position: position,
      rowsBySource: rowsBySource, source: source.segments)
    let forward = forward.over(
      RowLayout(segments: rows, sources: sourceOfRow, encoded: source))
    var cache = cache
    let hidden = model.decoder(model.embed(read, forward), layout, cross: cross, forward) {
      index, keys, values in
      if let before = cache[index] {
        cache[index] = (
          before.keys.appending(keys, toEach: past), before.values.appending(values, toEach: past)
        )
      } else {
        cache[index] = (keys, values)
      }
      return cache[index] ?? (keys, values)
    }
    self.cache = cache
    position += 1
    return model.project(hidden, forward)
  }

  private var rowsBySource: Segments {
    var counts = Array(repeating: 0, count: source.segments.count)
    for source in sourceOfRow { counts[Int(source)] += 1 }
    return Segments(lengths: counts)
  }

  /// Reorders, repeats or drops rows; a row's cache moves along.
  private mutating func keep(_ parents: [Int32]) {
    if parents == (0..<Int32(sourceOfRow.count)).map({ $0 }) { return }
    sourceOfRow = parents.map { sourceOfRow[Int($0)] }
    let length = Int32(position)
    let rows = parents.flatMap { parent in (0..<length).map { parent * length + $0 } }
    cache = cache.map { $0.map { ($0.keys.gathering(rows), $0.values.gathering(rows)) } }
  }
}
