extension Metric {
  /// The fraction of outputs that equal an accepted answer after `SQuADText` normalisation.
  ///
  /// Rajpurkar et al., "SQuAD" (arXiv 1606.05250).
  public static let squadExactMatch = Metric(
    "squad-em", summary: "SQuAD exact match with the best of the accepted answers"
  ) { predictions in
    mean(predictions) { output, reference in output.normalized == reference.normalized ? 1 : 0 }
  }

  /// The mean over outputs of the word F1 with the best accepted answer (arXiv 1606.05250).
  public static let squadF1 = Metric(
    "squad-f1", summary: "SQuAD word F1 with the best of the accepted answers"
  ) { predictions in
    mean(predictions) { $0.f1(with: $1) }
  }

  /// The mean over outputs of the word F1 with the first accepted answer: what the DePT paper's
  /// code measures.
  public static let squadF1First = Metric(
    "squad-f1-first", summary: "SQuAD word F1 with the first accepted answer only"
  ) { predictions in
    mean(predictions.map { Prediction($0.text, references: [$0.references[0]]) }) {
      $0.f1(with: $1)
    }
  }

  private static func mean(
    _ predictions: [Prediction], _ score: (SQuADText, SQuADText) -> Double
  ) -> Double {
    let total = predictions.reduce(0.0) { sum, prediction in
      let output = SQuADText(prediction.text)
      return sum + prediction.references.reduce(0.0) { max($0, score(output, SQuADText($1))) }
    }
    return total / Double(predictions.count)
  }
}
