import Datasets
import Experiments
import Foundation
import RunStorage

/// In what two runs differ, from what was asked to what came out.
struct RunComparison: Encodable {
  struct Score: Encodable {
    var score: String
    var first: Double?
    var second: Double?
    /// The second less the first.
    var difference: Double?
  }

  var first: RunID
  var second: RunID
  /// Whether scores and curves agree, bit for bit or within the tolerance.
  var equal: Bool
  var tolerance: Double
  /// Fields of the specification.
  var asked: [FieldDifference]
  /// Digests, and the runs they start from.
  var data: [FieldDifference]
  var code: [FieldDifference]
  /// Lines added and removed by what lies between the two commits, where git knows both.
  var commits: [FieldDifference]
  /// The files that the patches of uncommitted changes change differently.
  var patches: [FieldDifference]
  /// The lines in which the experiments' files differ.
  var source: [String]
  var environment: [FieldDifference]
  var states: [FieldDifference]
  var scores: [Score]
  /// Metrics that part.
  var curves: [CurveComparison]
  /// How many points of metrics were compared, and of how many metrics.
  var points: Int
  var metrics: Int

  init(
    _ first: FrozenRun, _ second: FrozenRun, in store: RunStore, tolerance: Double
  ) throws {
    self.first = first.id
    self.second = second.id
    self.tolerance = tolerance
    asked = FieldDifference.between(first.spec.asked, second.spec.asked)
    data = FieldDifference.between(first.provenance.read, second.provenance.read)
    let surroundings = (try store.environment(of: first), try store.environment(of: second))
    if let a = surroundings.0, let b = surroundings.1 {
      code = FieldDifference.between(a.codeFields, b.codeFields)
      environment = FieldDifference.between(
        a.machineFields + a.commandFields, b.machineFields + b.commandFields)
    } else {
      code = FieldDifference.between(first.provenance.codeFields, second.provenance.codeFields)
      environment = FieldDifference.between(
        [("machine", first.provenance.machine)], [("machine", second.provenance.machine)])
    }
    commits = Self.between(surroundings.0?.tree?.commit, surroundings.1?.tree?.commit)
    func text(_ hash: String?) throws -> String {
      String(decoding: try hash.flatMap { try store.provenanceText($0) } ?? [], as: UTF8.self)
    }
    patches = PatchSummary.differences(
      try text(first.provenance.patch), try text(second.provenance.patch))
    source =
      LineDifferences(
        try text(first.provenance.experimentSource), try text(second.provenance.experimentSource)
      ).lines
    states = FieldDifference.between(first.outcome, second.outcome)
    scores = Self.scores(first, second, tolerance)
    let curves = CurveComparison.all(first.curves, second.curves, tolerance: tolerance)
    self.curves = curves.filter { $0.step != nil }
    points = curves.map(\.points).reduce(0, +)
    metrics = curves.count
    equal = states.isEmpty && scores.isEmpty && self.curves.isEmpty
  }

  private static func scores(
    _ first: FrozenRun, _ second: FrozenRun, _ tolerance: Double
  ) -> [Score] {
    let values = (first.scoresByName, second.scoresByName)
    return Set(values.0.keys).union(values.1.keys).sorted().compactMap { name in
      let (a, b) = (values.0[name], values.1[name])
      if let a, let b {
        guard !CurveComparison.agree(a, b, tolerance) else { return nil }
        return Score(score: name, first: a, second: b, difference: b - a)
      }
      return Score(score: name, first: a, second: b)
    }
  }

  /// What changed from one commit to another, in the repository around the current folder.
  private static func between(_ first: String?, _ second: String?) -> [FieldDifference] {
    // A store may come from anybody: what is no hash could be an option.
    func isHash(_ commit: String) -> Bool { !commit.isEmpty && commit.allSatisfy(\.isHexDigit) }
    guard let first, let second, first != second, isHash(first), isHash(second) else { return [] }
    let git = GitProgram(folder: FileManager.default.currentDirectoryPath)
    let answer = git.ask("diff", "--numstat", "--no-ext-diff", "--no-renames", first, second)
    return (answer?.text ?? "").split(separator: "\n").prefix(50).compactMap { line in
      let parts = line.split(separator: "\t", maxSplits: 2)
      guard parts.count == 3 else { return nil }
      return FieldDifference(
        field: String(parts[2]), first: nil, second: "+\(parts[0]) −\(parts[1])")
    }
  }
}

extension RunSpec {
  /// Every field with its text.
  fileprivate var asked: [(String, String)] {
    fieldNames.compactMap { name in field(name).map { (name, $0.plainText) } }
      + (method.source.map { [("method's code", $0)] } ?? [])
  }
}

extension RunProvenance {
  /// What a run read.
  fileprivate var read: [(String, String)] {
    [
      ("data", dataDigest), ("backbone", backboneDigest),
      ("starts from", (sources ?? []).map(\.rawValue).joined(separator: ", ")),
    ].filter { !$0.1.isEmpty }
  }
}

extension FrozenRun {
  /// How it ended, apart from scores and times.
  fileprivate var outcome: [(String, String)] {
    [
      ("state", state.rawValue), ("parameters", "\(trainable)"),
      ("best step", summary.map { "\($0.bestStep)" } ?? ""),
      ("failure", failure?.message ?? ""),
    ].filter { !$0.1.isEmpty }
  }

  /// `test.accuracy` and the like.
  var scoresByName: [String: Double] {
    var values: [String: Double] = [:]
    for (split, scores) in summary?.scores ?? [:] {
      for (name, value) in scores { values["\(split.rawValue).\(name)"] = value }
    }
    return values
  }
}
