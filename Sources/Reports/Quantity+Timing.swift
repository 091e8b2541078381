import Experiments
import Training

extension Quantity {
  /// Milliseconds of a training step, of runs with `.timing(.training)`: the median of all steps
  /// but the first, which warms up.
  public static let stepTime = Quantity(
    "Milliseconds per step", decimals: 0, direction: .lowerIsBetter
  ) {
    $0.settledMedian(of: "train/seconds").map { 1000 * $0 }
  }

  /// Examples answered a second, of runs with `.timing(.inference)`: the median of all steps but
  /// the first.
  public static let samplesPerSecond = Quantity("Samples per second", decimals: 2) {
    $0.settledMedian(of: "inference/samples-per-second")
  }
}

extension FrozenRun {
  /// The median of a metric without its first point, where there is a second; `nil` for none.
  fileprivate func settledMedian(of metric: String) -> Double? {
    guard state == .succeeded, let points = curves[metric], points.count > 1 else { return nil }
    let values = points.dropFirst().map(\.value).sorted()
    let middle = values.count / 2
    return values.count.isMultiple(of: 2)
      ? (values[middle - 1] + values[middle]) / 2 : values[middle]
  }
}
