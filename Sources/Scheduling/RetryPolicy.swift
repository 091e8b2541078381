public import Experiments
import Training

/// What is done about a run whose attempt has failed, by the kind of its failure.
///
/// * Its process died: again from the checkpoint, until `patience` attempts in a row got no
///   further.
/// * Memory ran out: again from the checkpoint, each step in smaller parts, which changes no
///   result; until a part is one sequence.
/// * A file could not be read or written: once, by the next `dept run`.
/// * It diverged, or does not fit: never by itself.
public struct RetryPolicy: Hashable, Sendable {
  /// What is done.
  public enum Verdict: Hashable, Sendable {
    /// It goes on from its checkpoint, in parts of at most so many encoder rows (`nil`: as before).
    case again(partRows: Int?)
    /// The next `dept run` tries it.
    case nextTime
    /// Only where somebody asks for it.
    case never
  }

  /// Attempts in a row that may crash without getting further than any before.
  public var patience = 3
  /// The encoder rows that a part of a step has at the most, unless an order says otherwise.
  public var usualPartRows = 1500

  /// What every `dept run` goes by.
  public static let standard = RetryPolicy()

  public init() {}

  /// What is done after an attempt has failed.
  ///
  /// - Parameters:
  ///   - partRows: what the attempt was ordered; `nil`: nothing.
  public func verdict(
    on failure: RunFailure.Kind, of spec: RunSpec, partRows: Int? = nil
  ) -> Verdict {
    switch failure {
    case .memory:
      smallerParts(than: partRows, of: spec).map { .again(partRows: $0) } ?? .never
    case .crashed: .again(partRows: partRows)
    case .file: .nextTime
    case .diverged, .invalid: .never
    }
  }

  /// Half of the rows; 1 once a part has one sequence anyway, and then no less.
  private func smallerParts(than rows: Int?, of spec: RunSpec) -> Int? {
    // A run that is timed measures what it was asked for, in the parts that others have.
    guard spec.schedule.timing == nil, rows != 1 else { return nil }
    let half = (rows ?? usualPartRows) / 2
    return half > spec.schedule.sourceLength ? half : 1
  }

  /// What was tried before a failure was final, for its sentence; `nil` where nothing else was.
  ///
  /// - Parameter partRows: what the last attempt was ordered.
  public func trials(before failure: RunFailure.Kind, of spec: RunSpec, partRows: Int?) -> String? {
    guard failure == .memory, partRows != nil else { return nil }
    var tried = ["\(usualPartRows)"]
    var rows: Int?
    while let next = smallerParts(than: rows, of: spec) {
      if next > 1 { tried.append("\(next)") }
      rows = next
    }
    return "steps in parts of \(tried.joined(separator: ", ")) rows and of one sequence were tried"
  }
}
