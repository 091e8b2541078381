extension Metric {
  /// ROUGE-L with captions tokenised.
  public static let rougeL = rougeL(.tokenized)

  /// The mean over captions of the F measure of the longest common subsequence, recall counting
  /// β = 1.2 times precision; of either the best over references.
  ///
  /// Lin, "ROUGE" (2004), as the COCO captions are scored. Time is quadratic in a caption's length.
  public static func rougeL(_ words: CaptionWords) -> Metric {
    mean(
      "rouge-l", summary: "ROUGE-L of captions, beta 1.2", words: words,
      of: { prediction in
        var numbers = WordNumbers()
        let caption = numbers(words(prediction.text))
        var precision = 0.0
        var recall = 0.0
        for reference in prediction.references.map({ numbers(words($0)) }) {
          guard !(caption.isEmpty && reference.isEmpty) else { return 1 }
          let common = Double(commonLength(caption, reference))
          precision = max(precision, common / Double(max(1, caption.count)))
          recall = max(recall, common / Double(max(1, reference.count)))
        }
        guard precision > 0, recall > 0 else { return 0 }
        let weight = 1.2 * 1.2
        return (1 + weight) * precision * recall / (recall + weight * precision)
      })
  }

  /// The length of the longest common subsequence.
  private static func commonLength(_ a: [UInt32], _ b: [UInt32]) -> Int {
    var lengths = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var diagonal = 0
      for (place, y) in b.enumerated() {
        let above = lengths[place + 1]
        lengths[place + 1] = x == y ? diagonal + 1 : max(above, lengths[place])
        diagonal = above
      }
    }
    return lengths[b.count]
  }
}
