import Datasets
import Experiments
import Foundation
import RunStorage

extension RunExport {
  /// `runs.jsonl` and `metrics.jsonl`; where JSON has no number, there is `"nan"` or `"inf"`.
  func writeLines() throws {
    let metrics = try file("metrics.jsonl")
    let lines = try file("runs.jsonl")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    for run in runs {
      let record = RunLine(
        run: run, tags: try store.tags(of: run.id),
        notes: try store.notes(on: .run(run.id)).map(\.text))
      try lines.write([UInt8](encoder.encode(record)) + [0x0a])
      try store.forEachSeries(of: run.id) { series in
        let name = JSONValue.string(series.name).canonical
        for (step, value) in zip(series.steps, series.values) {
          let number = value.isFinite ? "\(value)" : "\"\(value)\""
          try metrics.write(
            #"{"metric":\#(name),"run":"\#(run.id)","step":\#(step),"value":\#(number)}"# + "\n")
        }
      }
    }
    try metrics.finish()
    try lines.finish()
  }
}

/// A run as a line: the keys of `dept runs list --json`, and what else is known.
private struct RunLine: Encodable {
  let run: FrozenRun
  let tags: [String]
  let notes: [String]

  private enum Key: String, CodingKey {
    case id, experiment, state, backbone, method, dataset, seed, hyperparameters, schedule, scores
    case parameters, seconds, failure, tags, notes, commit, sources
    case peakBytes = "peak_bytes"
    case bestStep = "best_step"
    case totalParameters = "total_parameters"
    case startedAt = "started_at"
    case finishedAt = "finished_at"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(run.id, forKey: .id)
    try container.encode(run.experiment, forKey: .experiment)
    try container.encode(run.state, forKey: .state)
    try container.encode(run.spec.field("backbone"), forKey: .backbone)
    try container.encode(run.spec.method.name, forKey: .method)
    try container.encode(run.spec.field("dataset"), forKey: .dataset)
    try container.encode(run.spec.seed, forKey: .seed)
    try container.encode(run.spec.method.hyperparameters, forKey: .hyperparameters)
    try container.encode(run.spec.schedule, forKey: .schedule)
    let scores = (run.summary?.scores ?? [:]).map { ($0.key.rawValue, $0.value) }
    try container.encode(
      Dictionary(scores) { first, _ in first }
        .merging(["validation": [:], "test": [:]]) { first, _ in first }, forKey: .scores)
    try container.encode(run.trainable, forKey: .parameters)
    try container.encode(run.total, forKey: .totalParameters)
    try container.encode(run.summary?.seconds, forKey: .seconds)
    try container.encode(run.summary?.peakBytes, forKey: .peakBytes)
    try container.encode(run.summary?.bestStep, forKey: .bestStep)
    try container.encodeIfPresent(run.failure?.message, forKey: .failure)
    try container.encodeIfPresent(run.provenance.sources, forKey: .sources)
    try container.encode(run.provenance.commit, forKey: .commit)
    try container.encode(run.provenance.startedAt, forKey: .startedAt)
    try container.encode(run.provenance.finishedAt, forKey: .finishedAt)
    try container.encode(tags, forKey: .tags)
    try container.encode(notes, forKey: .notes)
  }
}
