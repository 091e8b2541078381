import Experiments
import Foundation
import RunStorage

extension RunExport {
  /// A folder a run, named for it, and a file beside them that says what the table of
  /// hyperparameters shows.
  func writeEventFiles() throws {
    let values = runs.map(parameters)
    var kinds: [String: [JSONValue]] = [:]
    for run in values { for (name, value) in run { kinds[name, default: []].append(value) } }
    let names = kinds.sorted { $0.key < $1.key }.map { name, values in
      (
        name: name, isNumber: values.allSatisfy(\.isNumber),
        isTruth: values.allSatisfy { if case .bool = $0 { true } else { false } }
      )
    }
    let scores = Set(runs.flatMap(\.scores.keys)).sorted().map { "score/\(Self.slashed($0))" }
    let begin = runs.map { RunTimes($0).begin }.min() ?? 0
    let table = try eventFile("", at: begin)
    try table.hyperparameters(.experiment(names: names, metrics: scores), at: begin)
    for (run, values) in zip(runs, values) { try write(run, values) }
    try table.finish()
  }

  private func write(_ run: FrozenRun, _ values: [String: JSONValue]) throws {
    let times = RunTimes(run)
    let name = Self.folderName(run)
    let events = try eventFile(name + "/", at: times.begin)
    // Runs that differ in their seed only are one group.
    let group = values.filter { $0.key != "seed" }.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value.plainText)" }.joined(separator: ",")
    try events.hyperparameters(
      .begin(values: values, group: group, time: times.begin), at: times.begin)
    try store.forEachSeries(of: run.id) { series in
      let last = series.steps.last ?? 0
      for (step, value) in zip(series.steps, series.values) {
        try events.scalar(
          series.name, step: step, value: value, at: times.time(of: step, last: last))
      }
    }
    let step = run.summary?.bestStep ?? 0
    for (name, score) in run.scores.sorted(by: { $0.key < $1.key }) {
      try events.scalar("score/\(Self.slashed(name))", step: step, value: score, at: times.end)
    }
    if run.state != .queued, run.state != .running {
      try events.hyperparameters(
        .end(hasSucceeded: run.state == .succeeded, time: times.end), at: times.end)
    }
    try events.finish()
  }

  private func eventFile(_ folder: String, at begin: Double) throws(ExchangeError) -> EventFile {
    let number = String(Int(begin))
    let padded = String(repeating: "0", count: max(0, 10 - number.count)) + number
    return try EventFile(
      path: "\(self.folder)/\(folder)events.out.tfevents.\(padded).dept", begin: begin,
      replacing: replaces)
  }

  /// Everything that a run was asked to be, by name.
  func parameters(_ run: FrozenRun) -> [String: JSONValue] {
    var values: [String: JSONValue] = [:]
    for name in run.spec.fieldNames { values[name] = run.spec.field(name) }
    return values
  }

  /// `test/accuracy` of `test.accuracy`: as curves are named.
  static func slashed(_ score: String) -> String {
    guard let dot = score.firstIndex(of: ".") else { return score }
    return score.replacingCharacters(in: dot...dot, with: "/")
  }

  private static func folderName(_ run: FrozenRun) -> String {
    let words = [
      run.spec.method.name, run.spec.field("dataset")?.plainText ?? "", "seed\(run.spec.seed)",
      run.id.short,
    ]
    return String(
      words.joined(separator: "-").map { letter in
        letter.isASCII && (letter.isLetter || letter.isNumber || "-_.+".contains(letter))
          ? letter : "_"
      }.suffix(200))
  }
}

extension JSONValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .number: true
    default: false
    }
  }
}
