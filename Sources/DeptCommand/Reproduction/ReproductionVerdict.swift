import Checkpoints
import Experiments
import Foundation
import Scheduling

/// Whether a repetition gave what its original did, and where it parted.
struct ReproductionVerdict: Encodable {
  /// How one kind of result compares.
  struct Part: Encodable {
    enum State: String, Encodable {
      case equal, parted
      /// The original has none any more.
      case missing
    }
    var state = State.equal
    /// How much was compared, in words: `39 points of 3 metrics`.
    var compared: String
    /// Where it parted first, with what was then and what is now.
    var parting: String?

    static func parted(_ compared: String, _ parting: String) -> Part {
      Part(state: .parted, compared: compared, parting: parting)
    }
  }

  var run: RunID
  var equal: Bool
  var threads: Int
  var seconds: Double
  /// The runs whose adapters were copied for it.
  var copied: [RunID]
  var points: Part
  /// Metrics that part.
  var curves: [CurveComparison]
  var scores: Part
  var answers: Part
  var adapter: Part
  /// What differs around the two, where they part.
  var environment: [FieldDifference]
  /// What else a reader has to know.
  var notes: [String]
  /// The folder of the repetition, where it is kept.
  var folder: String?

  /// For people.
  func text(_ name: String) -> String {
    let threads = "\(threads) thread\(threads == 1 ? "" : "s")"
    let time = Duration.seconds(seconds).inWords
    var lines = ["\(name) (\(run.short)), carried out again with \(threads) in \(time)"]
    if !copied.isEmpty {
      lines.append("  starts from \(copied.map(\.short).joined(separator: ", ")), copied")
    }
    for (title, part) in [
      ("points", points), ("scores", scores), ("answers", answers), ("adapter", adapter),
    ] {
      let title = title.padding(toLength: 9, withPad: " ", startingAt: 0)
      switch part.state {
      case .equal: lines.append("  \(title) \(part.compared) equal")
      case .parted: lines.append("  \(title) \(part.parting ?? part.compared)")
      case .missing: lines.append("  \(title) none kept to compare with")
      }
    }
    for curve in curves.dropFirst() { curve.sentence.map { lines.append("            \($0)") } }
    lines += notes.map { "  \($0)" }
    if !equal {
      if environment.isEmpty {
        lines.append("nothing that is recorded differs around the two")
      } else {
        lines.append("what differs, then and now")
        for field in environment {
          lines.append("  \(field.field): \(field.first ?? "–") → \(field.second ?? "–")")
        }
      }
    }
    if let folder { lines.append("kept in \(folder)") }
    lines.append(equal ? "equal bit for bit" : "parted")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Reproduction {
  /// Compares a repetition with its original.
  ///
  /// - Throws: `Failure` where files of either cannot be read.
  func verdict(on repetition: Repetition) throws -> ReproductionVerdict {
    let curves = CurveComparison.all(original.curves, repetition.curves)
    let parted = curves.filter { $0.step != nil }
      .sorted { ($0.step ?? 0, $0.metric) < ($1.step ?? 0, $1.metric) }
    let count = curves.map(\.points).reduce(0, +)
    let compared = "\(count) point\(count == 1 ? "" : "s") of \(curves.count) metrics"
    let points = ReproductionVerdict.Part(
      state: parted.isEmpty ? .equal : .parted, compared: compared,
      parting: parted.first?.sentence)
    let scores = compareScores(repetition)
    let old = RunFolder(home: surroundings.home.path, run: original.id)
    let answers = compareAnswers(old.path, folder.path)
    let adapter = try compareAdapters(old.adapter, folder.adapter)
    let parts = [points, scores, answers, adapter]
    let equal = parts.allSatisfy { $0.state != .parted }
    var verdict = ReproductionVerdict(
      run: original.id, equal: equal, threads: threads, seconds: repetition.seconds,
      copied: original.provenance.sources ?? [], points: points, curves: parted, scores: scores,
      answers: answers, adapter: adapter, environment: [], notes: [])
    if !equal { verdict.environment = differences() }
    if environment == nil {
      verdict.notes.append("what surrounded the original was not recorded")
    }
    if let now = try? identity, now != original.id {
      verdict.notes.append(
        "the engine's arithmetic or the run's description has another version than then")
    }
    return verdict
  }

  /// The identity that the run would have today.
  private var identity: RunID {
    get throws {
      try ResolvedPlan.identity(
        of: original.spec, dataDigest: original.provenance.dataDigest,
        backboneDigest: original.provenance.backboneDigest,
        sources: original.provenance.sources ?? [])
    }
  }

  /// What surrounds the two and is not the same.
  private func differences() -> [FieldDifference] {
    let files = surroundings.fileDigests
    let now = RunEnvironment.here(surroundings, threads: threads, files)
    guard let then = environment else {
      return FieldDifference.between(
        original.provenance.codeFields.filter { $0.0 == "version" }, [("version", now.version)])
    }
    // The repetition has no experiment's file and no compiler where it needs none.
    let fields: Set = ["version", "engine", "program"]
    return FieldDifference.between(
      then.codeFields.filter { fields.contains($0.0) }
        + then.machineFields.filter { $0.0 != "compiler" },
      now.codeFields.filter { fields.contains($0.0) } + now.machineFields)
  }

  private func compareScores(_ repetition: Repetition) -> ReproductionVerdict.Part {
    var now = original
    switch repetition.ending {
    case .succeeded(let summary): now.summary = summary
    case .failed(let failure):
      return .parted("scores", "it failed now: \(failure.message)")
    case nil, .started, .metric, .checkpoint, .stopped, .paused:
      return .parted("scores", "it was stopped")
    }
    let values = (original.scoresByName, now.scoresByName)
    let names = Set(values.0.keys).union(values.1.keys).sorted()
    let compared = "\(names.count) score\(names.count == 1 ? "" : "s")"
    for name in names {
      let (then, now) = (values.0[name], values.1[name])
      if let then, let now, CurveComparison.agree(then, now, 0) { continue }
      let texts = [then, now].map { $0.map { "\($0)" } ?? "none" }
      return .parted(compared, "\(name) was \(texts[0]) and is \(texts[1])")
    }
    let steps = (original.summary?.bestStep, now.summary?.bestStep)
    if steps.0 != steps.1 {
      return .parted(
        compared, "the best step was \(steps.0 ?? 0) and is \(steps.1 ?? 0)")
    }
    return ReproductionVerdict.Part(compared: compared)
  }

  private func compareAnswers(_ old: String, _ new: String) -> ReproductionVerdict.Part {
    func lines(_ folder: String) -> [Substring.SubSequence]? {
      FileManager.default.contents(atPath: "\(folder)/predictions.jsonl").map {
        String(decoding: $0, as: UTF8.self).split(separator: "\n")
      }
    }
    let count = lines(new)?.count ?? 0
    let compared = "\(count) answer\(count == 1 ? "" : "s")"
    guard let then = lines(old) else {
      return ReproductionVerdict.Part(
        state: count == 0 ? .equal : .missing, compared: compared)
    }
    let now = lines(new) ?? []
    guard then != now else { return ReproductionVerdict.Part(compared: compared) }
    let place = zip(then, now).enumerated().first { $1.0 != $1.1 }?.offset
    guard let place else {
      return .parted(compared, "there were \(then.count) answers and are \(now.count)")
    }
    return .parted(
      compared,
      "line \(place + 1) of predictions.jsonl was \(then[place].prefix(120)) and is "
        + "\(now[place].prefix(120))")
  }

  private func compareAdapters(
    _ old: String, _ new: String
  ) throws -> ReproductionVerdict.Part {
    guard FileManager.default.fileExists(atPath: old) else {
      return ReproductionVerdict.Part(state: .missing, compared: "tensors")
    }
    guard FileManager.default.fileExists(atPath: new) else {
      return .parted("tensors", "there is no adapter now")
    }
    let then = try AdapterFile(path: old).parameters
    let now = try AdapterFile(path: new).parameters
    let numbers = now.map(\.values.count).reduce(0, +)
    let compared = "\(now.count) tensor\(now.count == 1 ? "" : "s") of \(numbers) numbers"
    guard then.map(\.name) == now.map(\.name), then.map(\.shape) == now.map(\.shape) else {
      return .parted(compared, "the adapter's tensors have other names or shapes")
    }
    for (then, now) in zip(then, now) {
      let pairs = zip(then.values, now.values)
      let place = pairs.enumerated().first { $1.0.bitPattern != $1.1.bitPattern }?.offset
      guard let place else { continue }
      return .parted(
        compared,
        "\(then.name)[\(place)] was \(then.values[place]) and is \(now.values[place])")
    }
    return ReproductionVerdict.Part(compared: compared)
  }
}
