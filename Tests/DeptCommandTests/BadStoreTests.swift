import Foundation
import Testing

/// Stores with the results of two runs whose file is then changed behind the program's back.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct BadStoreTests {
  private let process: DeptProcess
  private var store: URL { process.folder.appending(path: ".dept/store.sqlite") }

  init() throws { process = try DeptProcess() }

  /// Carries out two runs, and gives the bytes of their store.
  private func sweep() throws -> Data {
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift", "--no-report")
    try #require(outcome.code == 0, "\(outcome.errors)")
    // Nothing of it may lie in its log, or what is changed in the file would not be read.
    let log = try? Data(contentsOf: URL(filePath: "\(store.path)-wal"))
    try #require(log?.isEmpty ?? true)
    return try Data(contentsOf: store)
  }

  /// Expects commands to end with 65 and one sentence on the store, and to leave it as it is.
  private func expectRefusal(
    _ sentence: String, of commands: [[String]], on bytes: Data
  ) throws {
    for arguments in commands {
      let outcome = try process.dept(arguments)
      #expect(outcome.code == 65, "\(arguments) \(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.contains(sentence), "\(arguments) \(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(arguments) \(outcome.errors)")
      #expect(try Data(contentsOf: store) == bytes, "\(arguments)")
    }
  }

  /// Brings the bytes back, with which nothing is to be done.
  private func expectCached(with bytes: Data) throws {
    try bytes.write(to: store)
    let outcome = try process.dept("run", "sweep.swift", "--no-report")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == "sweep: 2 runs: 2 cached, 0 succeeded\n", "\(outcome.output)")
  }

  @Test("a store of a newer dept is read, and not written to")
  func newer() throws {
    defer { process.remove() }
    let sound = try sweep()
    let scores = try process.query("SELECT * FROM v_scores")
    let id = try #require(try process.runIDs().first)
    var newer = sound
    // `PRAGMA user_version`: 1,000,000.
    newer.replaceSubrange(60..<64, with: [0x00, 0x0f, 0x42, 0x40])
    try newer.write(to: store)
    try expectRefusal(
      "store.sqlite has layout 1000000, written by a newer dept; this one knows layouts up to",
      of: [
        ["run", "sweep.swift"], ["run", "sweep.swift", "--force"], ["store", "migrate"],
        ["runs", "delete", id], ["tag", id, "best"], ["gc"],
      ], on: newer)
    let run = try process.dept("run", "sweep.swift")
    #expect(run.errors.hasSuffix(": update dept to write to it\n"), "\(run.errors)")
    #expect(run.output.isEmpty)

    #expect(try process.dept("plan", "sweep.swift").output.contains("\n2 cached, 0 to run\n"))
    #expect(try process.query("SELECT * FROM v_scores") == scores)
    #expect(try process.dept("runs", "show", id).code == 0)
    #expect(try process.dept("report", "sweep.swift").code == 0)
    #expect(try process.read("reports/sweep/report.md").contains("| LoRA"))
    #expect(try process.dept("status").output.contains("sweep"))
    #expect(try process.dept("store", "check").code == 0)
    let info = try process.dept("store", "info")
    #expect(info.output.contains("layout       1000000, newer than "), "\(info.output)")
    #expect(info.output.contains(": it is only read\n"), "\(info.output)")
    #expect(try Data(contentsOf: store) == newer)
    try expectCached(with: sound)
  }

  @Test("a store with the mark of another program is refused by everything")
  func foreign() throws {
    defer { process.remove() }
    let sound = try sweep()
    let id = try #require(try process.runIDs().first)
    var foreign = sound
    // `PRAGMA application_id`.
    foreign.replaceSubrange(68..<72, with: Data("ABCD".utf8))
    try foreign.write(to: store)
    try expectRefusal(
      "store.sqlite is a database of another program; move it away, or choose another --home",
      of: [
        ["run", "sweep.swift"], ["plan", "sweep.swift"], ["report", "sweep.swift"],
        ["runs", "list"], ["runs", "delete", id], ["tag", id, "best"], ["status"],
        ["query", "--sql", "SELECT * FROM v_runs"], ["store", "info"], ["store", "check"],
        ["store", "migrate"], ["store", "backup", "copy.sqlite"], ["gc"],
      ], on: foreign)
    #expect(
      !FileManager.default.fileExists(atPath: process.folder.appending(path: "copy.sqlite").path))
    try expectCached(with: sound)
  }

  @Test("a store with a page of noise is told what to do about, and journals bring its runs back")
  func damaged() throws {
    defer { process.remove() }
    let sound = try sweep()
    let id = try #require(try process.runIDs().first)
    let scores = try process.query("SELECT * FROM v_scores")
    let root = try process.query("SELECT rootpage FROM sqlite_schema WHERE name = 'run'")
    let page = try #require(root.split(separator: "\n").last.flatMap { Int($0) })
    let place = (page - 1) * 4096..<page * 4096
    try #require(page > 1 && sound[place].range(of: Data(id.utf8)) != nil)
    var damaged = sound
    damaged.replaceSubrange(place, with: Data(repeating: 0x5a, count: 4096))
    try damaged.write(to: store)

    let check = try process.dept("store", "check", "--json")
    #expect(check.code == 65, "\(check.output)")
    #expect(
      check.errors.contains("store.sqlite away and run again: the journals in runs/ are kept"),
      "\(check.errors)")
    let found = try check.json()
    #expect(found["whole"] as? Bool == false)
    let tables = try #require(found["tables"] as? [String: [String: Any]])
    #expect(tables["run"]?["whole"] as? Bool == false)
    #expect(tables["attempt"]?["whole"] as? Bool == true)
    #expect(tables["attempt"]?["rows"] as? Int == 2)
    try expectRefusal(
      "is damaged (database disk image is malformed); `dept store check` says what can still be "
        + "read and what to do",
      of: [
        ["run", "sweep.swift"], ["run", "sweep.swift", "--force"], ["plan", "sweep.swift"],
        ["report", "sweep.swift"], ["runs", "list"],
      ], on: damaged)
    let doctor = try process.dept("doctor")
    #expect(doctor.code == 69, "\(doctor.output)")
    let remedies = doctor.output.split(separator: "\n").filter { $0.contains("is damaged (") }
    #expect(remedies.count == 1 && remedies[0].hasSuffix(" what to do"), "\(doctor.output)")
    #expect(try Data(contentsOf: store) == damaged)
    try expectCached(with: sound)

    // What was said is done: without the store the runs are taken over from their journals.
    let before = try journals()
    #expect(before.count == 2)
    try FileManager.default.removeItem(at: store)
    let again = try process.dept("run", "sweep.swift", "--no-report")
    #expect(again.code == 0, "\(again.errors)")
    #expect(again.output == "sweep: 2 runs: 2 cached, 0 succeeded\n", "\(again.output)")
    #expect(try process.query("SELECT DISTINCT state FROM v_runs") == "state\nsucceeded\n")
    #expect(try process.query("SELECT * FROM v_scores") == scores)
    let after = try journals()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(try process.dept("store", "check").code == 0)
  }

  /// The journals of all attempts, by their paths.
  private func journals() throws -> [String: Data] {
    let runs = process.folder.appending(path: ".dept/runs")
    var journals: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: runs.path)
    where path.hasSuffix(".journal") {
      journals[path] = try Data(contentsOf: runs.appending(path: path))
    }
    return journals
  }
}
