/// How the variation over seeds is expressed.
public enum Spread: Hashable, Sendable {
  /// The sample standard deviation, with n − 1.
  case standardDeviation
  /// The standard error of the mean.
  case standardError
  /// Half of the 95 % confidence interval of the mean, by Student's t.
  case confidence95

  /// What a caption calls it.
  var phrase: String {
    switch self {
    case .standardDeviation: "standard deviation (n − 1)"
    case .standardError: "standard error"
    case .confidence95: "95 % confidence interval (Student’s t)"
    }
  }

  /// A word for file headers.
  var abbreviation: String {
    switch self {
    case .standardDeviation: "std"
    case .standardError: "sem"
    case .confidence95: "ci95"
    }
  }

  /// The deviation of `values`; `nil` for fewer than two.
  func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let count = Double(values.count)
    let mean = values.mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    switch self {
    case .standardDeviation: return deviation
    case .standardError: return deviation / count.squareRoot()
    case .confidence95:
      return deviation / count.squareRoot() * Self.quantile(degrees: values.count - 1)
    }
  }

  /// The 0.975 quantile of Student's t, from tables; an asymptotic form from 31 degrees on.
  private static func quantile(degrees: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    return degrees <= table.count ? table[degrees - 1] : 1.960 + 2.4 / Double(degrees)
  }
}

extension [Double] {
  /// The mean; 0 of nothing.
  var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
