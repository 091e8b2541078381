import Foundation

/// How often each data set of a multi-task run is trained on.
///
/// The task of a step is drawn with a probability ∝ `min(n, cap)^(1/T)`, where `n` is the number of
/// its training examples and `T` the temperature, as for T5 (arXiv 1910.10683, section 3.5.2) and
/// HyperFormer (arXiv 2106.04489, section 3.1).
public struct TaskMixing: Hashable, Sendable, Codable, CustomStringConvertible {
  /// `1/T`: 1 is in proportion to the examples, 0 is all alike.
  public var exponent: Double
  /// More examples than these do not make a task more frequent; `nil`: all count.
  public var cap: Int?

  /// - Parameter exponent: `1/T`, at least 0.
  public init(exponent: Double, cap: Int? = nil) {
    self.exponent = exponent
    self.cap = cap
  }

  /// With a temperature `T`: the higher, the more alike; HyperFormer's is 10.
  public static func temperature(_ temperature: Double, cap: Int? = nil) -> TaskMixing {
    TaskMixing(exponent: 1 / temperature, cap: cap)
  }

  /// In proportion to the examples, of which at most `cap` count.
  public static func proportional(cap: Int?) -> TaskMixing { TaskMixing(exponent: 1, cap: cap) }

  /// In proportion to the examples.
  public static let proportional = TaskMixing(exponent: 1)
  /// Every task as often as any other.
  public static let equal = TaskMixing(exponent: 0)
  /// What a multi-task run has unless it says otherwise: temperature 10.
  public static let standard = temperature(10)

  /// The probability of each task.
  ///
  /// - Parameter counts: the training examples of each; at least 1.
  public func probabilities(of counts: [Int]) -> [Double] {
    let sizes = counts.map { Double(min($0, cap ?? $0)) }
    // Shares of the largest, so that no power is too large for a number.
    let largest = sizes.max() ?? 1
    let weights = sizes.map { pow($0 / largest, exponent) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Values out of range, in one sentence each.
  package var problems: [String] {
    var problems: [String] = []
    if !(exponent >= 0 && exponent.isFinite) {
      problems.append(
        "tasks cannot be mixed with the temperature \(1 / exponent); it has to be a positive number"
      )
    }
    if let cap, cap < 1 {
      problems.append(
        "the mixing counts at most \(cap) examples of a task; it has to be at least 1")
    }
    return problems
  }

  public var description: String {
    let limit = cap.map { ", at most \($0) examples" } ?? ""
    switch exponent {
    case 0: return "equal"
    case 1: return "proportional" + limit
    default:
      // 1/(1/T) is not always T again.
      let temperature = (1e6 / exponent).rounded() / 1e6
      let text = Int(exactly: temperature).map(String.init) ?? "\(temperature)"
      return "temperature \(text)\(limit)"
    }
  }
}
