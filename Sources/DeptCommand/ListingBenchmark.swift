import ArgumentParser
import Backbones
import Datasets
import Experiments
import Foundation
import RunStorage
import Training

/// `dept bench listing`: how long lists of many runs take, over a store that is made for it.
struct ListingBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listing", abstract: "Measure lists of many runs.",
    discussion: """
      Makes a store with --runs finished runs in a temporary folder and measures, as medians: the \
      whole of dept runs list, of the same sorted by a metric and cut to 20, sorting in the \
      process, dept status, and the states of all runs. --json prints {"runs","list_10000_ms", \
      "list_sorted_10000_ms","sort_10000_ms","status_10000_ms","records_10000_ms"}; the numbers in \
      the names are that of --runs.
      Example: dept bench listing --json
      """)

  @Option(help: "The runs in the store.") var runs = 10_000
  @Option(help: "How often each is measured.") var rounds = 7
  @Flag(help: "Print one JSON document.") var json = false

  func validate() throws {
    for (name, value) in [("runs", runs), ("rounds", rounds)] where !(1...1 << 20).contains(value) {
      throw ValidationError("--\(name) must lie between 1 and \(1 << 20)")
    }
  }

  func run() throws {
    let home = FileManager.default.temporaryDirectory.appending(
      path: "dept-listing-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: home) }
    try fill(home)
    let store = try RunStore(home: home)
    let sorted = RunListRequest(
      by: [.init(field: "best(validation/accuracy)", isDescending: true)], limit: 100)
    let figures: [(String, Double)] = [
      ("list", try median(of: { try dept(home, "runs", "list") })),
      (
        "list_sorted",
        try median(of: {
          try dept(
            home, "runs", "list", "--sort", "best(validation/accuracy):desc", "--limit", "20")
        })
      ),
      ("sort", try median { _ = try store.list(sorted) }),
      ("status", try median(of: { try dept(home, "status") })),
      ("records", try median { _ = try store.records() }),
    ]
    if json {
      var document: [String: Double] = ["runs": Double(runs)]
      for (name, value) in figures { document["\(name)_\(runs)_ms"] = value }
      return try Output.json(document)
    }
    var table = TextTable(columns: ["of \(runs) runs", "ms"])
    table.rows = figures.map { [$0.0, RunListing.rounded($0.1)] }
    Output.text(table.aligned)
  }

  /// Runs of a sweep as they are when it has finished, each through its journal.
  private func fill(_ home: String) throws {
    let writer = try StoreWriter(home: home, purpose: "a benchmark")
    let methods = ["dept", "pt", "lora", "bitfit", "ia3"]
    let datasets = ["mrpc", "rte", "sst2", "cola", "qnli", "stsb", "boolq", "cb"]
    let all = (0..<runs).map { number in
      var schedule = TrainingSchedule()
      schedule.learningRate = 0.001 * Double(1 + number / 200)
      let digits = String((UInt64(number) &+ 1) &* 0x9e37_79b9_7f4a_7c15, radix: 16)
      return EnrolledRun(
        id: RunID(rawValue: String(repeating: digits, count: 5).prefix(64) + ""),
        spec: RunSpec(
          backbone: "t5-base", dataset: .init(rawValue: datasets[number / 5 % datasets.count]),
          method: MethodDescription(
            name: methods[number % methods.count],
            hyperparameters: ["promptLength": .integer(40), "rank": .integer(45)]),
          schedule: schedule, seed: number % 5))
    }
    try writer.enrol(all, experiment: "listing")
    let path = "\(home)/listing.journal"
    for (number, run) in all.enumerated() {
      try? FileManager.default.removeItem(atPath: path)
      // A score that is another for every run, in no order.
      let score = Double((number &* 7919) % 10_007) / 10_007
      do {
        let journal = try Journal(path: path)
        try journal.append(
          .started(RunStart(trainable: 76_800, total: 222_980_352, resumedFrom: 0)))
        for step in [100, 200] {
          for (name, value) in [("train/loss", 1 - score), ("validation/accuracy", score)] {
            try journal.append(.metric(MetricPoint(step: step, name: name, value: value)))
          }
        }
        try journal.append(
          .succeeded(
            RunSummary(
              scores: [
                .validation: ["accuracy": score, "f1": score], .test: ["accuracy": 1 - score],
              ], bestStep: 200, seconds: 12.5 + score, peakBytes: 1 << 30)))
      }
      let attempt = try writer.begin(run.id, process: .current)
      _ = try writer.fold(run.id, attempt: attempt, journal: path)
    }
    try writer.checkpoint()
  }

  /// The median milliseconds of a body, after one round that warms up.
  private func median(_ body: () throws -> Void) throws -> Double {
    try median(of: {
      let start = ContinuousClock.now
      try body()
      return (ContinuousClock.now - start) / .milliseconds(1)
    })
  }

  /// The median of what a body measured, likewise.
  private func median(of body: () throws -> Double) throws -> Double {
    _ = try body()
    return try (0..<rounds).map { _ in try body() }.sorted()[rounds / 2]
  }

  /// The milliseconds of a whole process of this program.
  private func dept(_ home: String, _ arguments: String...) throws -> Double {
    1000 * (try TimedProgram.seconds(arguments + ["--home", home]))
  }
}
