import Evaluation
import Experiments

/// Which points of a run a learning curve shows.
public struct Curve: Hashable, Sendable {
  private enum Source: Hashable, Sendable {
    case headline
    case metric(String)
  }

  private var source: Source
  var title: String
  var decimals: Int

  /// The headline metric on the validation split, in percent.
  public static let validation = Curve(
    source: .headline, title: "Validation score during training", decimals: 1)
  /// The loss of the training batches, averaged over windows of steps where there are many.
  public static let trainLoss = Curve(
    source: .metric("train/loss"), title: "Training loss", decimals: 3)

  /// Any metric by the name it was recorded under, such as `validation/loss`; in the unit it was
  /// recorded in.
  public static func metric(_ name: String) -> Curve {
    Curve(source: .metric(name), title: name, decimals: 3)
  }

  /// What recorded values are multiplied by: scores are recorded as fractions, drawn in percent.
  var scale: Double { source == .headline ? 100 : 1 }

  /// The largest value there can be, as it is drawn: no score is above 100.
  var largest: Double { source == .headline ? 100 : .infinity }

  /// Letters, digits and hyphens.
  var fileName: String {
    switch self {
    case .validation: return "validation-curve"
    case .trainLoss: return "training-loss"
    default:
      let kept = title.unicodeScalars.map { scalar in
        scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          ? Character(scalar) : "-"
      }
      return String(kept)
    }
  }

  /// The recorded name of the metric to draw for runs on one data set; `nil` if there is none.
  func name(in runs: [FrozenRun], metrics: HeadlineMetrics) -> String? {
    switch source {
    case .metric(let name): return runs.contains { $0.curves[name] != nil } ? name : nil
    case .headline:
      let prefix = "validation/"
      let measured = Set(runs.flatMap(\.curves.keys)).filter { $0.hasPrefix(prefix) }
        .map { String($0.dropFirst(prefix.count)) }
      guard let dataset = runs.first?.spec.dataset else { return nil }
      return metrics.metric(for: dataset, measured: measured).map { prefix + $0.rawValue }
    }
  }
}
