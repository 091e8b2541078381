extension Metric {
  /// CIDEr-D with captions tokenised.
  public static let cider = cider(.tokenized)

  /// The mean over captions of CIDEr-D: from 0 to 10, where papers print a hundred times that.
  ///
  /// Vedantam et al., "CIDEr" (arXiv 1411.5726): n-grams of 1 to 4 words weighted by how few of
  /// the given predictions have them among their references, σ = 6. One prediction is one image,
  /// so that a single one scores 0: all its n-grams are everywhere.
  public static func cider(_ words: CaptionWords) -> Metric {
    mean(
      "cider", summary: "CIDEr-D of captions, from 0 to 10",
      range: 0...10, words: words,
      ofAll: { predictions in
        var numbers = WordNumbers()
        let images = predictions.map { prediction in
          (
            caption: NGramCounts(numbers(words(prediction.text))),
            references: prediction.references.map { NGramCounts(numbers(words($0))) }
          )
        }
        let rarity = NGramRarity(images.map(\.references))
        return images.map { image in
          let caption = WeightedNGrams(image.caption, rarity)
          let similarities = image.references.map {
            caption.similarity(to: WeightedNGrams($0, rarity))
          }
          return 10 * similarities.reduce(0, +) / Double(similarities.count)
        }
      })
  }
}
