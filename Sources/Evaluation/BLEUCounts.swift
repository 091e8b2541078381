import Foundation

/// What BLEU counts, of one caption or summed over many.
struct BLEUCounts {
  /// N-grams of 1, 2, … words of the captions.
  private var guessed: [Int]
  /// Those that a reference has too, each at most as often as the reference with the most of it.
  private var matched: [Int]
  private var length = 0
  /// The sum of the reference lengths closest to the captions'.
  private var referenceLength = 0

  init(order: Int) {
    guessed = Array(repeating: 0, count: order)
    matched = guessed
  }

  init(_ prediction: Prediction, order: Int, _ words: CaptionWords) {
    self.init(order: order)
    var numbers = WordNumbers()
    let caption = NGramCounts(numbers(words(prediction.text)), upTo: order)
    let references = prediction.references.map {
      NGramCounts(numbers(words($0)), upTo: order)
    }
    length = caption.length
    let closest = references.map { (abs($0.length - caption.length), $0.length) }.min(by: <)
    referenceLength = closest?.1 ?? 0
    for place in 0..<order { guessed[place] = caption.total(order: place + 1) }
    for ngram in caption.distinct {
      let most = references.reduce(0) { max($0, $1[ngram]) }
      matched[ngram.order - 1] += min(caption[ngram], most)
    }
  }

  mutating func add(_ other: BLEUCounts) {
    for place in guessed.indices {
      guessed[place] += other.guessed[place]
      matched[place] += other.matched[place]
    }
    length += other.length
    referenceLength += other.referenceLength
  }

  var score: Double {
    // The constants of the published scorer: a precision of 0/0 is 1e-6, of 0/n nearly 0.
    let tiny = 1e-15
    let small = 1e-9
    let product = zip(matched, guessed).reduce(1.0) {
      $0 * (Double($1.0) + tiny) / (Double($1.1) + small)
    }
    let precision = pow(product, 1 / Double(guessed.count))
    let ratio = (Double(length) + tiny) / (Double(referenceLength) + small)
    return ratio < 1 ? precision * exp(1 - 1 / ratio) : precision
  }
}
