import Foundation

/// How rare n-grams are among the references of images: CIDEr's inverse document frequency.
struct NGramRarity {
  private var images: [NGram: Int] = [:]
  private let count: Double

  init(_ references: [[NGramCounts]]) {
    count = Double(references.count)
    for image in references {
      for ngram in Set(image.flatMap(\.distinct)) { images[ngram, default: 0] += 1 }
    }
  }

  /// log(images / images with the n-gram), an unknown one counting as of one image; natural log.
  subscript(ngram: NGram) -> Double { log(count) - log(Double(images[ngram] ?? 1)) }
}
