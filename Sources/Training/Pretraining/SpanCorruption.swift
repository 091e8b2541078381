public import TensorEngine

/// T5's pretraining objective (arXiv 1910.10683, §3.1.4): spans of a text become sentinels,
/// and the target lists each sentinel with what it stands for.
public struct SpanCorruption: Hashable, Sendable {
  /// The share of tokens that is replaced.
  public var density: Double
  /// The mean length of a replaced span, in tokens.
  public var meanSpan: Double

  public init(density: Double = 0.15, meanSpan: Double = 3) {
    self.density = density
    self.meanSpan = meanSpan
  }

  /// The corrupted source and its target, both ending with `endToken`.
  ///
  /// - Parameters:
  ///   - ids: the text's ids, without the end token.
  ///   - sentinels: the ids of `<extra_id_0>`, `<extra_id_1>`, …
  public func example(
    _ ids: [Int], sentinels: [Int], endToken: Int, key: RandomKey
  ) -> TokenizedExample {
    let noise = min(max(1, Int((Double(ids.count) * density).rounded())), max(1, ids.count - 1))
    let wanted = max(1, Int((Double(noise) / meanSpan).rounded()))
    let spans = min(wanted, noise, ids.count - noise, sentinels.count)
    guard spans > 0 else {
      return TokenizedExample(source: ids + [endToken], target: [endToken])
    }
    let noisy = Self.parts(noise, spans, key.folding("noise"))
    let clean = Self.parts(ids.count - noise, spans, key.folding("clean"))
    var (source, target, place): ([Int], [Int], Int) = ([], [], 0)
    for (span, (kept, dropped)) in zip(clean, noisy).enumerated() {
      source += ids[place..<place + kept] + [sentinels[span]]
      target += [sentinels[span]] + ids[place + kept..<place + kept + dropped]
      place += kept + dropped
    }
    return TokenizedExample(source: source + [endToken], target: target + [endToken])
  }

  /// `total` cut into `count` parts of at least one, all cuts equally likely.
  private static func parts(_ total: Int, _ count: Int, _ key: RandomKey) -> [Int] {
    let cuts = key.permutation(total - 1).prefix(count - 1).map { $0 + 1 }.sorted()
    return zip([0] + cuts, cuts + [total]).map { $1 - $0 }
  }
}
