extension Metric {
  /// The mean over questions of VQA accuracy: an answer is right to the extent that three of the
  /// other annotators gave it, min(their number / 3, 1), averaged over leaving each annotator out.
  ///
  /// Antol et al., "VQA" (arXiv 1505.00468), as VQA v2 is evaluated. References are the
  /// annotators' answers, usually ten; of fewer than four not even the same answer scores 1.
  /// Unless they all agree, texts are compared as `VQAText`; letter case never matters.
  public static let vqa = mean(
    "vqa", summary: "VQA accuracy: min(agreeing annotators / 3, 1), leaving each one out",
    of: { prediction in
      var answer = VQAText.tidied(prediction.text)
      var references = prediction.references.map(VQAText.tidied)
      let distinct = Set(references)
      if distinct.count > 1 {
        answer = VQAText(answer).normalized
        // Annotators mostly write the same.
        let normalized = Dictionary(
          uniqueKeysWithValues: distinct.map { ($0, VQAText($0).normalized) })
        references = references.map { normalized[$0] ?? $0 }
      }
      answer = answer.lowercased()
      let agreeing = references.count { $0.lowercased() == answer }
      let others = references.count - agreeing
      let total =
        Double(agreeing) * min(1, Double(agreeing - 1) / 3)
        + Double(others) * min(1, Double(agreeing) / 3)
      return total / Double(references.count)
    })
}
