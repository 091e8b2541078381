extension Metric {
  /// The fraction of outputs that equal an accepted answer after `SQuADText` normalisation.
  ///
  /// Rajpurkar et al., "SQuAD" (arXiv 1606.05250).
  public static let squadExactMatch = mean(
    "squad-em", summary: "SQuAD exact match with the best of the accepted answers",
    of: { $0.bestExactMatch })

  /// The mean over outputs of the word F1 with the best accepted answer (arXiv 1606.05250).
  public static let squadF1 = mean(
    "squad-f1", summary: "SQuAD word F1 with the best of the accepted answers",
    of: { $0.bestWordF1 })

  /// The mean over outputs of the word F1 with the first accepted answer: what the DePT paper's
  /// code measures.
  public static let squadF1First = mean(
    "squad-f1-first", summary: "SQuAD word F1 with the first accepted answer only",
    of: { SQuADText($0.text).f1(with: SQuADText($0.references[0])) })
}

extension Prediction {
  /// 1 where the output is one of the references after SQuAD's normalisation, else 0.
  var bestExactMatch: Double {
    let output = SQuADText(text).normalized
    return references.contains { SQuADText($0).normalized == output } ? 1 : 0
  }

  /// The word F1 with the reference that gives the highest.
  var bestWordF1: Double {
    let output = SQuADText(text)
    return references.reduce(0) { max($0, output.f1(with: SQuADText($1))) }
  }
}
