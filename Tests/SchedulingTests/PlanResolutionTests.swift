import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import Scheduling
import Synchronization
import Testing
import Training

@Suite("Resolving a plan")
struct PlanResolutionTests {
  private func spec(seed: Int, dataset: DatasetID = "mrpc") -> RunSpec {
    RunSpec(
      backbone: "t5-base", dataset: dataset,
      method: MethodDescription(name: "dept", hyperparameters: ["rank": .integer(45)]),
      schedule: TrainingSchedule(), seed: seed)
  }

  @Test("gives the same run the same identity, and every other another")
  func identity() throws {
    let id = try ResolvedPlan.identity(of: spec(seed: 1), dataDigest: "d", backboneDigest: "b")
    #expect(
      try id == ResolvedPlan.identity(of: spec(seed: 1), dataDigest: "d", backboneDigest: "b"))
    #expect(id.rawValue.count == 64)
    var warm = spec(seed: 1)
    warm.schedule.warmup = 1
    var wide = spec(seed: 1)
    wide.method.hyperparameters["rank"] = .integer(46)
    let others = [
      try ResolvedPlan.identity(of: spec(seed: 2), dataDigest: "d", backboneDigest: "b"),
      try ResolvedPlan.identity(of: spec(seed: 1), dataDigest: "e", backboneDigest: "b"),
      try ResolvedPlan.identity(of: spec(seed: 1), dataDigest: "d", backboneDigest: "c"),
      try ResolvedPlan.identity(of: warm, dataDigest: "d", backboneDigest: "b"),
      try ResolvedPlan.identity(of: wide, dataDigest: "d", backboneDigest: "b"),
    ]
    #expect(Set(others + [id]).count == 6)
  }

  @Test("keeps a run that is listed twice once, and asks for each digest once")
  func duplicates() {
    let asked = Mutex(0)
    let plan = RunPlan(runs: [1, 2, 1].map { PlannedRun(spec: spec(seed: $0)) })
    let resolved = ResolvedPlan(
      plan, experiment: "e",
      digests: PlanDigests(
        data: { _ in
          asked.withLock { $0 += 1 }; return "d"
        }, backbone: { _ in "b" }))
    #expect(resolved.runs.map(\.spec.seed) == [1, 2])
    #expect(asked.withLock { $0 } == 1)
  }

  @Test("names data that is missing with the line that asked for it, once")
  func missingData() {
    let line = SourceLocation(file: "sweep.swift", line: 7)
    let plan = RunPlan(
      runs: (0..<3).map { PlannedRun(spec: spec(seed: $0, dataset: "none"), location: line) }
        + [PlannedRun(spec: spec(seed: 9))])
    let resolved = ResolvedPlan(
      plan, experiment: "e",
      digests: PlanDigests(
        data: { id in
          if id == "none" { throw FileDigestError.missing(path: "data/none") }
          return "d"
        }, backbone: { _ in "b" }))
    #expect(resolved.runs.count == 1)
    #expect(
      resolved.issues == [
        PlanIssue("data/none is missing; fetch it, or correct the path", at: line)
      ])
  }

  @Test("remembers digests of files by size and time, and notices changes")
  func fileDigests() throws {
    let folder = try TemporaryFolder()
    let file = URL(fileURLWithPath: folder.path + "/data/a.jsonl")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/data/sub", withIntermediateDirectories: true)
    try Data("one".utf8).write(to: file)
    try Data("two".utf8).write(to: URL(fileURLWithPath: folder.path + "/data/sub/b"))
    let cache = folder.path + "/cache/digests.json"
    let digests = FileDigests(cachePath: cache)
    let first = try digests.digest(of: [folder.path + "/data"])
    digests.save()
    #expect(try FileDigests(cachePath: cache).digest(of: [folder.path + "/data"]) == first)
    try Data("One".utf8).write(to: file)
    #expect(try FileDigests(cachePath: cache).digest(of: [folder.path + "/data"]) != first)
    try Data("one".utf8).write(to: file)
    #expect(try digests.digest(of: [folder.path + "/data"]) == first)
    #expect(throws: FileDigestError.missing(path: "/nowhere")) {
      try digests.digest(of: ["/nowhere"])
    }
    try Data("broken".utf8).write(to: URL(fileURLWithPath: cache))
    #expect(try FileDigests(cachePath: cache).digest(of: [folder.path + "/data"]) == first)
  }

  @Test("a backbone with random weights is its architecture, and needs no file")
  func randomBackbones() throws {
    let folder = try TemporaryFolder()
    let digests = PlanDigests(
      files: FileDigests(cachePath: folder.path + "/digests.json"),
      dataDirectory: URL(fileURLWithPath: folder.path), backboneDirectory: { _ in "" })
    let base = try digests.backbone(.random(.t5Base))
    #expect(base.count == 64)
    #expect(try digests.backbone(.random(.t5Base)) == base)
    #expect(try digests.backbone(.random(.t5Small)) != base)
    #expect(throws: (any Error).self) { try digests.backbone(.t5Base) }
    #expect(try digests.data(.length(256)) != digests.data(.length(257)))
  }
}
