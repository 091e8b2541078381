import Foundation
import Testing

/// Groups of a compiled experiment whose runs are given up early, with real training.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct PruningRunTests {
  private let process: DeptProcess

  init() throws {
    process = try DeptProcess()
    try process.write(
      """
      import Dept

      @main struct Sweep: Experiment {
        private func group(_ dataset: DatasetID) -> Plan {
          Plan {
            for rate in [1e-9, 0.01, 0.1, 1.0] {
              Run(PromptTuning(length: 5), on: dataset, with: .nano).learningRate(rate)
            }
          }
          .steps(30).batchSize(16).evaluate(every: 10, limit: 40)
        }

        var plan: Plan {
          group(.genSentiment).pruned(by: .successiveHalving(factor: 2, from: 10))
          group(.genParaphrase).pruned(by: .median(after: 10, every: 10))
        }

        var report: Report { Provenance() }
      }
      """, to: "sweep.swift")
  }

  private func states(_ home: String) throws -> String {
    try process.dept("query", "--home", home, "--csv", "--sql", Self.states).output
      + process.dept("query", "--home", home, "--csv", "--sql", Self.scores).output
  }

  private static let states = "SELECT dataset, id, state FROM v_runs ORDER BY dataset, id"
  private static let scores = """
    SELECT run, metric, max(step), count(*), sum(value) FROM v_metrics \
    WHERE metric != 'train/seconds' GROUP BY run, metric ORDER BY run, metric
    """

  /// The journals that attempts of a number have left.
  private func journals(_ home: String, attempt: Int) -> Int {
    let files = FileManager.default.enumerator(
      at: process.folder.appending(path: "\(home)/runs"), includingPropertiesForKeys: nil)
    return (files?.allObjects ?? []).count {
      ($0 as? URL)?.lastPathComponent == "attempt-\(attempt).journal"
    }
  }

  /// In the group of the median, whoever was below it where the group was compared is given up
  /// there, and nobody else.
  private func expectMedian() throws {
    var members: [(prunedAt: Int?, accuracy: [Int: Double])] = []
    for row in try process.dept("query", "--home", "whole", "--csv", "--sql", Self.members).output
      .split(separator: "\n").dropFirst()
    {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let shown = try process.dept("runs", "show", fields[0], "--home", "whole", "--json").json()
      let curves = shown["curves"] as? [String: [[String: Any]]] ?? [:]
      var accuracy: [Int: Double] = [:]
      for point in curves["validation/accuracy"] ?? [] {
        if let step = point["step"] as? Int { accuracy[step] = point["value"] as? Double }
      }
      members.append((Int(fields[1]), accuracy))
    }
    #expect(members.count == 4)
    #expect(members.contains { $0.prunedAt != nil } && members.contains { $0.prunedAt == nil })
    for rung in [10, 20] {
      let present = members.filter { $0.prunedAt ?? .max >= rung }
      let values = present.compactMap { $0.accuracy[rung] }.sorted()
      #expect(values.count == present.count)
      let median = (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
      for member in present {
        #expect((member.prunedAt == rung) == ((member.accuracy[rung] ?? 0) < median))
      }
    }
  }

  private static let members = """
    SELECT id, pruned_step FROM run WHERE dataset = 'gen-paraphrase' ORDER BY key
    """

  @Test("come to the same end when they are interrupted and killed, and everything says pruned")
  func interrupted() throws {
    defer { process.remove() }
    let whole = try process.dept("run", "sweep.swift", "--home", "whole", "--no-report", "--json")
    #expect(whole.code == 0, "\(whole.errors)")
    let summary = try whole.json()
    let pruned = try #require(summary["pruned"] as? Int)
    #expect(summary["succeeded"] as? Int == 8 - pruned)
    let expected = try states("whole")
    let lines = expected.split(separator: "\n").filter { $0.hasPrefix("gen-sentiment") }
    #expect(lines.count { $0.hasSuffix(",pruned") } == 3)
    #expect(lines.count { $0.hasSuffix(",succeeded") } == 1)
    try expectMedian()

    let first = try process.begin(
      "run", "sweep.swift", "--home", "cut", "--no-report", "--jobs", "2")
    #expect(first.waits { journals("cut", attempt: 1) > 1 })
    first.send(SIGINT)
    #expect(try first.wait().code == 85)
    let second = try process.begin(
      "run", "sweep.swift", "--home", "cut", "--no-report", "--jobs", "2")
    #expect(second.waits { journals("cut", attempt: 2) > 0 })
    second.kill()
    #expect(try second.wait().code == SIGKILL)
    let last = try process.dept("run", "sweep.swift", "--home", "cut", "--json")
    #expect(last.code == 0, "\(last.errors)")
    #expect(try states("cut") == expected)
    #expect(try last.json()["pruned"] as? Int == pruned)

    let status = try process.dept("status", "--home", "cut", "--json").output
    #expect(status.contains("\"pruned\" : \(pruned)"), "\(status)")
    #expect(
      try process.dept("runs", "list", "--home", "cut", "--where", "state = pruned").output
        .split(separator: "\n").count == pruned + 1)
    #expect(try process.shell("cat reports/sweep/*.md").output.contains("\(pruned) pruned"))
    // A few at a time.
    var calls = 0
    var left = 8
    while left > 0, calls < 20 {
      let outcome = try process.dept(
        "run", "sweep.swift", "--home", "few", "--no-report", "--json", "--limit", "3")
      left = try outcome.json()["cancelled"] as? Int ?? 8
      calls += 1
    }
    #expect(calls > 2)
    #expect(try states("few") == expected)
  }

  @Test("whose steps are only known once examples are read are refused by the plan")
  func epochs() throws {
    defer { process.remove() }
    let text = try process.read("sweep.swift")
    try process.write(text.replacing(".steps(30)", with: ".epochs(1)"), to: "sweep.swift")
    let outcome = try process.dept("plan", "sweep.swift")
    #expect(outcome.code == 65)
    #expect((outcome.output + outcome.errors).contains("say `.steps` instead"))
  }
}
