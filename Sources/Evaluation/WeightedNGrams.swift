import Foundation

/// A caption as CIDEr sees it: its n-grams, each weighted by count and rarity.
struct WeightedNGrams {
  private let counts: NGramCounts
  private var weights: [NGram: Double] = [:]
  /// Euclidean, of the n-grams of 1, 2, 3 and 4 words.
  private var norms = SIMD4<Double>()

  init(_ counts: NGramCounts, _ rarity: NGramRarity) {
    self.counts = counts
    for ngram in counts.distinct {
      let weight = Double(counts[ngram]) * rarity[ngram]
      weights[ngram] = weight
      norms[ngram.order - 1] += weight * weight
    }
    norms = norms.squareRoot()
  }

  /// CIDEr-D's similarity, from 0 to 1: the clipped cosine, averaged over the four orders, less
  /// for a difference in length.
  func similarity(to reference: WeightedNGrams) -> Double {
    var products = SIMD4<Double>()
    for ngram in counts.distinct {
      guard let expected = reference.weights[ngram], let weight = weights[ngram] else { continue }
      products[ngram.order - 1] += min(weight, expected) * expected
    }
    let norms = norms * reference.norms
    var sum = 0.0
    for order in 0..<4 where norms[order] > 0 { sum += products[order] / norms[order] }
    // The published program takes the number of word pairs for the length.
    let difference = Double(counts.total(order: 2) - reference.counts.total(order: 2))
    return sum / 4 * exp(-difference * difference / (2 * 6 * 6))
  }
}
