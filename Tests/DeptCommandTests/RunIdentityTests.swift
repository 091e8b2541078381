import Foundation
import Testing

/// What a run is follows the bytes of its data and of its backbone, not their names.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct RunIdentityTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private struct Digests: Equatable {
    var data: String
    var backbone: String
  }

  /// What `dept runs show --json` says a run was carried out with.
  private func digests(of id: String) throws -> Digests {
    let shown = try process.dept("runs", "show", id, "--json").json()
    let provenance = try #require(shown["provenance"] as? [String: Any])
    return Digests(
      data: try #require(provenance["dataDigest"] as? String),
      backbone: try #require(provenance["backboneDigest"] as? String))
  }

  private func plan() throws -> (ids: [String], changed: [String: Int], text: String) {
    let json = try process.dept("plan", "sweep.swift", "--json").json()
    let changes = try #require(json["changes"] as? [String: Any])
    return (
      try PlannedRuns(json).ids, try #require(changes["changed"] as? [String: Int]),
      try process.dept("plan", "sweep.swift").output
    )
  }

  private func run() throws {
    let outcome = try process.dept("run", "sweep.swift", "--no-report", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try outcome.json()["succeeded"] as? Int == 2, "\(outcome.output)")
  }

  @Test("a row more, or a byte of the weights, makes other runs, and the plan says what changed")
  func bytes() throws {
    defer { process.remove() }
    let rows = (0..<30).map { row in
      "{\"source\": \"word \(row)\", \"target\": \"\(row % 3 == 0 ? "no" : "yes")\"}\n"
    }.joined()
    try process.write(rows, to: "own.jsonl")
    let backbone = process.folder.appending(path: "copy")
    try FileManager.default.createDirectory(at: backbone, withIntermediateDirectories: true)
    for name in ["config.json", "model.safetensors", "spiece.model", "tokenizer_config.json"] {
      try Data(contentsOf: URL(filePath: "\(DeptProcess.backbone)/\(name)"))
        .write(to: backbone.appending(path: name))
    }
    try process.write(
      DeptProcess.experiment().replacing(".genSentiment", with: "\"./own.jsonl\"")
        .replacing("./tiny", with: "./copy"), to: "sweep.swift")
    try run()
    let first = try plan()
    #expect(first.text.contains("\n2 cached, 0 to run\n"), "\(first.text)")
    #expect(!first.text.contains("done before with"))
    #expect(first.changed.isEmpty)
    let old = try digests(of: first.ids[0])
    #expect(old.data.wholeMatch(of: /[0-9a-f]{64}/) != nil, "\(old)")
    #expect(old.backbone.wholeMatch(of: /[0-9a-f]{64}/) != nil, "\(old)")

    // Other data.
    try process.write(rows + "{\"source\": \"one more\", \"target\": \"no\"}\n", to: "own.jsonl")
    let second = try plan()
    #expect(second.text.contains("\n0 cached, 2 to run\n"), "\(second.text)")
    #expect(
      second.text.contains(
        """
        2 of the last plan are wanted no more and stay in the store
        2 new runs were done before with other data

        """), "\(second.text)")
    #expect(second.changed == ["data": 2])
    #expect(Set(second.ids).count == 2 && Set(second.ids).isDisjoint(with: first.ids))
    let why = try process.dept("plan", "sweep.swift", "--explain", "seed = 1").output
    #expect(why.contains("\n  data: \(old.data.prefix(12)) there, "), "\(why)")
    #expect(!why.contains("backbone: "))
    try run()
    let new = try digests(of: second.ids[0])
    #expect(new.data != old.data && new.backbone == old.backbone)

    // Another backbone, of the same size and shapes.
    let weights = backbone.appending(path: "model.safetensors")
    let sound = try Data(contentsOf: weights)
    var other = sound
    other[other.count - 2] ^= 1
    try other.write(to: weights)
    let third = try plan()
    #expect(third.text.contains("\n0 cached, 2 to run\n"), "\(third.text)")
    #expect(
      third.text.contains("\n2 new runs were done before with another backbone\n"), "\(third.text)")
    #expect(third.changed == ["backbone": 2])
    #expect(Set(third.ids).isDisjoint(with: first.ids + second.ids))
    try run()
    let last = try digests(of: third.ids[0])
    #expect(last.data == new.data && last.backbone != new.backbone)

    // Everything as it was at first: nothing is to be done.
    try sound.write(to: weights)
    try process.write(rows, to: "own.jsonl")
    let restored = try plan()
    #expect(restored.ids == first.ids)
    #expect(restored.text.contains("\n2 cached, 0 to run\n"), "\(restored.text)")
    #expect(try process.runIDs().count == 6)
  }
}
