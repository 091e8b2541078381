public import Backbones
import NeuralNetworks
public import TuningMethods

/// How many parameters a method may train.
public enum ParameterBudget: Hashable, Sendable {
  /// As many as vanilla prompt tuning with so many vectors.
  case promptTuning(length: Int)
  /// So many.
  case parameters(Int)
}

extension DePT {
  /// DePT with each prompt length, and the rank that brings the trained parameters closest to
  /// `budget`: `m·d + (s + d)·r` (arXiv 2309.05173, section 3.1).
  ///
  /// ```swift
  /// for method in DePT.splits(
  ///   for: .t5Base, budget: .promptTuning(length: 100), promptLengths: [0, 20, 40, 60, 80])
  /// { Run(method, on: .rte, with: .t5Base) }   // ranks 75, 60, 45, 30, 15
  /// ```
  /// A prompt that does not fit the budget is an issue of the plan, as is a backbone whose width is
  /// not known before it is fetched.
  public static func splits(
    for backbone: BackboneID, budget: ParameterBudget, promptLengths: some Sequence<Int>,
    sourceLength: Int = 256, file: String = #filePath, line: Int = #line
  ) -> [DePT] {
    let site = PlanCatalogue.standard.anatomy(of: backbone)?.sourceInput
    guard let width = site?.output else {
      PlanIssueCollector.report(
        "the width of '\(backbone)' is not known before it is fetched; give DePT.splits(width:) "
          + "instead", file, line)
      return []
    }
    return splits(
      budget: budget, promptLengths: promptLengths, width: width, sourceLength: sourceLength,
      file: file, line: line)
  }

  /// DePT with each prompt length, and the rank that brings the trained parameters closest to
  /// `budget`, on a backbone of a width.
  public static func splits(
    budget: ParameterBudget, promptLengths: some Sequence<Int>, width: Int,
    sourceLength: Int = 256, file: String = #filePath, line: Int = #line
  ) -> [DePT] {
    func report(_ message: String) { PlanIssueCollector.report(message, file, line) }
    guard width >= 1, sourceLength >= 1 else {
      report(
        "DePT.splits got the width \(width) and the source length \(sourceLength); both have to be "
          + "at least 1")
      return []
    }
    let scalars =
      switch budget {
      case .promptTuning(let length): length * width
      case .parameters(let count): count
      }
    let lengths = Array(promptLengths)
    if lengths.isEmpty { report("DePT.splits got no prompt length; give it at least one") }
    return lengths.compactMap { length in
      let left = scalars - length * width
      guard length >= 0, left >= 0 else {
        report(
          "a prompt of \(length) vectors of width \(width) does not fit a budget of \(scalars) "
            + "parameters; leave it out")
        return nil
      }
      let size = sourceLength + width
      let rank = (2 * left + size) / (2 * size)
      return DePT(promptLength: length, rank: rank, sourceLength: sourceLength)
    }
  }
}
