import Backbones
import Datasets
import Experiments
import Foundation
import RunStorage
import Scheduling
import Testing
import Training

/// Identities of runs that start from others or learn several data sets, and what is done of them.
@Suite("Resolving runs that start from others")
struct TransferResolutionTests {
  private func spec(
    _ dataset: DatasetID, seed: Int = 1, from sources: [RunSpec] = []
  ) -> RunSpec {
    RunSpec(
      backbone: "t5-base", dataset: dataset,
      method: MethodDescription(name: "dept", hyperparameters: ["rank": .integer(45)]),
      schedule: TrainingSchedule(), seed: seed, sources: sources)
  }

  private func resolved(
    _ specs: [RunSpec], data: @escaping @Sendable (DatasetID) throws -> String = { "\($0)" }
  ) -> ResolvedPlan {
    ResolvedPlan(
      RunPlan(runs: specs.map { PlannedRun(spec: $0) }), experiment: "e",
      digests: PlanDigests(data: data, backbone: { _ in "b" }))
  }

  @Test("a run without sources on one data set keeps the identity that it always had")
  func unchanged() throws {
    let text = """
      {"backbone":"t5-base","dataset":"mrpc",\
      "method":{"hyperparameters":{"rank":45},"name":"dept"},\
      "schedule":{"accumulation":1,"batchSize":32,"clip":1,"evaluateEvery":100,"learningRate":0.3,\
      "order":"shuffled","precision":"float32","sourceLength":256,"steps":1000,"targetLength":20,\
      "warmup":0,"weightDecay":0},"seed":1}
      """
    #expect(try spec("mrpc").canonicalDescription() == text)
    // The SHA-256 of that line, a line feed, and {"backbone":"b","data":"d","engine":5}.
    let id = try ResolvedPlan.identity(of: spec("mrpc"), dataDigest: "d", backboneDigest: "b")
    #expect(id.rawValue == "d129bcd6e836a9b3a32a744438d86dd9a686b5e75d8f1cf8c67fdd3696701731")
  }

  @Test("the identity of a run follows from its sources, their data and their order")
  func identity() throws {
    let (a, b) = (spec("a"), spec("b"))
    let plan = resolved([spec("t", from: [a, b])])
    #expect(plan.runs.map { "\($0.spec.dataset)" } == ["a", "b", "t"])
    #expect(plan.runs.map(\.isSource) == [true, true, false])
    #expect(plan.runs[2].sources == [plan.runs[0].id, plan.runs[1].id])
    let id = plan.runs[2].id
    let others = [
      resolved([spec("t")]), resolved([spec("t", from: [a])]), resolved([spec("t", from: [b, a])]),
      resolved([spec("t", from: [a, spec("b", seed: 2)])]),
      resolved([spec("t", from: [a, spec("b", from: [a])])]),
      resolved([spec("t", from: [a, b])]) { $0 == "a" ? "other bytes" : "\($0)" },
    ].map { $0.runs.last?.id }
    #expect(Set(others + [id]).count == 7)
    #expect(resolved([spec("t", from: [a, b])]).runs[2].id == id)
  }

  @Test("the identity of a run on several data sets follows from all of them")
  func severalDatasets() throws {
    var spec = spec("a")
    spec.datasets = ["a", "b"]
    let plan = resolved([spec])
    #expect(plan.runs[0].dataDigest.count == 64)
    #expect(
      try PlanDigests(data: { "\($0)" }, backbone: { _ in "b" }).data(of: spec)
        == plan.runs[0].dataDigest)
    let other = resolved([spec]) { $0 == "b" ? "other bytes" : "\($0)" }
    #expect(other.runs[0].id != plan.runs[0].id)
    spec.datasets = ["b", "a"]
    #expect(resolved([spec]).runs[0].id != plan.runs[0].id)
  }

  @Test("a source that is listed too is no mere source, wherever the plan lists it")
  func listed() {
    let (a, t) = (spec("a"), spec("t", from: [spec("a")]))
    for specs in [[a, t], [t, a]] {
      let plan = resolved(specs)
      #expect(plan.runs.count == 2)
      #expect(plan.runs.allSatisfy { !$0.isSource })
    }
  }

  @Test("a source whose data are missing is an issue, said once, and its run is not planned")
  func missing() {
    let plan = resolved([spec("t", from: [spec("none")]), spec("u", from: [spec("none")])]) { id in
      if id == "none" { throw FileDigestError.missing(path: "data/none") }
      return "\(id)"
    }
    #expect(plan.runs.isEmpty)
    #expect(plan.issues == [PlanIssue("data/none is missing; fetch it, or correct the path")])
  }

  // MARK: What is done

  /// `a`, `b` that starts from it, `c` that starts from `b`, and `d` by itself.
  private var chain: ResolvedPlan {
    let a = spec("a")
    let b = spec("b", from: [a])
    return resolved([spec("c", from: [b]), spec("d"), b, a])
  }

  private func decisions(
    _ plan: ResolvedPlan, _ states: [String: RunRecord] = [:],
    incomplete: [String] = [], _ change: (inout ScheduleOptions) throws -> Void = { _ in }
  ) throws -> [String: Reconciliation.Decision] {
    var options = ScheduleOptions()
    try change(&options)
    let ids = Dictionary(uniqueKeysWithValues: plan.runs.map { ("\($0.spec.dataset)", $0.id) })
    let records = Dictionary(
      uniqueKeysWithValues: states.compactMap { name, record in ids[name].map { ($0, record) } })
    let found = try Reconciliation(
      plan, records: records, options: options,
      incomplete: Set(incomplete.compactMap { ids[$0] }))
    return Dictionary(
      uniqueKeysWithValues: found.decisions.map { ("\($0.run.spec.dataset)", $0.decision) })
  }

  private let done = RunRecord(state: .succeeded)

  @Test("everything is carried out once; what is cached is not repeated")
  func cached() throws {
    #expect(try decisions(chain) == ["a": .run, "b": .run, "c": .run, "d": .run])
    #expect(
      try decisions(chain, ["a": done, "d": done])
        == ["a": .cached, "b": .run, "c": .run, "d": .cached])
    #expect(
      try decisions(chain, ["a": done, "b": done, "c": done]) { $0.force = true }
        == ["a": .repeat, "b": .repeat, "c": .repeat, "d": .repeat])
  }

  @Test("a limit takes sources first, and no run without its source")
  func limits() throws {
    #expect(
      try decisions(chain) { $0.limit = 1 }
        == ["a": .run, "b": .leftOut, "c": .leftOut, "d": .leftOut])
    #expect(
      try decisions(chain) { $0.limit = 2 } == ["a": .run, "b": .run, "c": .leftOut, "d": .leftOut])
    #expect(
      try decisions(chain, ["a": done]) { $0.limit = 2 }
        == ["a": .cached, "b": .run, "c": .run, "d": .leftOut])
  }

  @Test("a condition takes along what the runs that fit start from, and nothing else")
  func only() throws {
    #expect(
      try decisions(chain) { $0.only = try RunFilter("dataset = b") }
        == ["a": .run, "b": .run, "c": .leftOut, "d": .leftOut])
    #expect(
      try decisions(chain, ["a": done, "b": done]) {
        $0.only = try RunFilter("dataset = b")
        $0.force = true
      } == ["a": .cached, "b": .repeat, "c": .leftOut, "d": .leftOut])
    #expect(
      try decisions(chain, ["b": done]) { $0.only = try RunFilter("dataset = c") }
        == ["a": .leftOut, "b": .cached, "c": .run, "d": .leftOut])
  }

  @Test("what starts from a run that failed before waits for --retry-failed")
  func blocked() throws {
    let failed = ["a": RunRecord(state: .failed, failure: .diverged)]
    #expect(
      try decisions(chain, failed)
        == ["a": .failedBefore, "b": .blocked, "c": .blocked, "d": .run])
    #expect(
      try decisions(chain, failed) { $0.retriesFailed = true }
        == ["a": .retry, "b": .run, "c": .run, "d": .run])
    #expect(
      try decisions(chain, failed) { $0.only = try RunFilter("dataset = c") }
        == ["a": .failedBefore, "b": .blocked, "c": .blocked, "d": .leftOut])
    let plan = chain
    let ids = Dictionary(uniqueKeysWithValues: plan.runs.map { ("\($0.spec.dataset)", $0.id) })
    let a = try #require(ids["a"])
    let found = try Reconciliation(
      plan, records: [a: RunRecord(state: .failed, failure: .diverged)], options: ScheduleOptions())
    #expect(found.failedSources.count == 2)
    #expect(found.failedSources.values.allSatisfy { $0 == a })
    // What may help is tried again by itself.
    let crashed = ["a": RunRecord(state: .failed, failure: .crashed)]
    #expect(try decisions(chain, crashed) == ["a": .run, "b": .run, "c": .run, "d": .run])
  }

  @Test("a source whose adapter is gone is repeated where something needs it, and only there")
  func incomplete() throws {
    #expect(
      try decisions(chain, ["a": done, "b": done], incomplete: ["a", "b"])
        == ["a": .repeat, "b": .repeat, "c": .run, "d": .run])
    #expect(
      try decisions(chain, ["a": done, "b": done], incomplete: ["a"])
        == ["a": .cached, "b": .cached, "c": .run, "d": .run])
    #expect(
      try decisions(chain, ["a": done, "b": done, "c": done, "d": done], incomplete: ["a", "b"])
        .values.allSatisfy { $0 == .cached })
  }
}
