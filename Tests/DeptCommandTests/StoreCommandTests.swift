import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct StoreCommandTests {
  private let process: DeptProcess
  private var home: URL { process.folder.appending(path: ".dept") }

  init() throws { process = try DeptProcess() }

  /// A sweep of two runs that has finished.
  private func sweep() throws {
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift", "--no-report")
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  private func runs(_ arguments: String...) throws -> [[String: Any]] {
    let output = try process.dept(["runs", "list", "--json"] + arguments).output
    return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]] ?? []
  }

  @Test("runs are listed, filtered, sorted, cut and shown by column; the store is looked after")
  func whole() throws {
    defer { process.remove() }
    try sweep()
    let all = try runs()
    #expect(all.count == 2)
    #expect(
      Set(all[0].keys) == [
        "id", "experiment", "state", "backbone", "method", "dataset", "seed", "hyperparameters",
        "scores", "parameters", "seconds", "peak_bytes",
      ])
    #expect((all[0]["hyperparameters"] as? [String: Any])?["rank"] as? Int == 2)
    let scores = try #require(all[0]["scores"] as? [String: [String: Double]])
    #expect(scores["test"]?.isEmpty == false && scores["validation"]?.isEmpty == false)
    #expect(try runs("--sort", "seed:desc").map { $0["seed"] as? Int } == [2, 1])
    #expect(try runs("--sort", "last(train/loss)", "--limit", "1").count == 1)
    let metric = "best(validation/accuracy) in 0...1"
    #expect(try runs("--where", "\(metric) and seed in 2...3").map { $0["seed"] as? Int } == [2])
    let table = try process.dept(
      "runs", "list", "--columns", "seed,method,last(train/loss)", "--csv")
    #expect(table.output.hasPrefix("seed,method,last(train/loss)\n1,lora,"))
    let wrong = try process.dept("runs", "list", "--where", "sed = 1")
    #expect(wrong.code == 2 && wrong.errors.contains("“seed”"))

    let check = try process.dept("store", "check", "--json")
    #expect(check.code == 0, "\(check.output)")
    #expect(try check.json()["whole"] as? Bool == true)
    #expect(try process.dept("store", "info", "--json").json()["runs"] as? Int == 2)
    let backup = try process.dept("store", "backup", "copy.sqlite")
    #expect(backup.code == 0, "\(backup.errors)")
    #expect(try process.dept("store", "backup", "copy.sqlite").code == 69)
    #expect(try process.dept("store", "migrate", "--json").json()["backup"] == nil)

    let groups = try process.query("SELECT n, seeds FROM v_groups WHERE split = 'test'")
    #expect(groups.contains("2,\"[1,2]\""))
    let slow = try process.dept(
      "query", "--timeout", "100ms", "--sql",
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    #expect(slow.code == 2 && slow.errors.contains("--timeout"))
    let cut = try process.dept(
      "query", "--limit", "1", "--json", "--sql", "SELECT seed FROM v_runs")
    #expect(cut.output == "[\n  {\"seed\":1}\n]\n" && cut.errors.contains("cut after 1"))
  }

  @Test("deleted runs are collected with their folders, unless a plan wants them")
  func collection() throws {
    defer { process.remove() }
    try sweep()
    let id = try #require(try runs("--where", "seed = 2")[0]["id"] as? String)
    let folder = home.appending(path: "runs/\(id.prefix(12))").path
    #expect(try process.dept("runs", "delete", id).code == 0)
    #expect(try process.dept("gc").code == 0)
    #expect(FileManager.default.fileExists(atPath: folder))
    // A plan without it.
    try process.write(
      DeptProcess.experiment().replacing(".seeds(1...2)", with: ".seeds(1...1)"), to: "sweep.swift")
    #expect(try process.dept("run", "sweep.swift", "--no-report").code == 0)
    try FileManager.default.createDirectory(
      at: home.appending(path: "runs/0123456789ab"), withIntermediateDirectories: true)
    let dry = try process.dept("gc", "--dry-run", "--json").json()
    let kinds = try #require(dry["kinds"] as? [String: [String: Int]])
    #expect(kinds["run"]?["files"] == 1 && kinds["orphan"] == nil)
    #expect(FileManager.default.fileExists(atPath: folder))
    #expect(try process.dept("gc", "--older-than", "1d").output.contains("deleted run") == false)
    let done = try process.dept("gc")
    #expect(done.code == 0 && done.output.contains("1 deleted run"), "\(done.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder))
    #expect(try process.dept("runs", "show", id).code == 66)
    #expect(try process.dept("store", "check").code == 0)
  }

  @Test("a file that is no database ends with one sentence and its code")
  func bad() throws {
    defer { process.remove() }
    let path = home.appending(path: "store.sqlite").path
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    #expect(try process.dept("store", "check").code == 66)
    #expect(try process.dept("store", "migrate").code == 66)
    #expect(!FileManager.default.fileExists(atPath: path))
    let noise = Data(repeating: 0x5a, count: 8192)
    try noise.write(to: URL(filePath: path))
    let check = try process.dept("store", "check", "--json")
    #expect(check.code == 65 && check.errors.contains("journals in runs/ are kept"))
    #expect(try check.json()["whole"] as? Bool == false)
    for arguments in [["runs", "list"], ["store", "backup"], ["store", "info"], ["status"]] {
      let outcome = try process.dept(arguments)
      #expect(outcome.code == 65, "\(arguments) \(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == noise)
  }

  @Test("gc waits for no scheduler, and does what it can beside a damaged store")
  func collectionBeside() throws {
    defer { process.remove() }
    let long = DeptProcess.experiment().replacing(".steps(2)", with: ".steps(100000)")
      .replacing("every: 2,", with: "every: 100000,")
    try process.write(long, to: "sweep.swift")
    let running = try process.begin("run", "sweep.swift", "--no-report")
    #expect(try running.waits { try process.query("SELECT * FROM v_runs").contains(",running,") })
    let part = home.appending(path: "data/.downloads/host/some.zip.part")
    try FileManager.default.createDirectory(
      at: part.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data([1]).write(to: part)
    let refused = try process.dept("gc")
    #expect(refused.code == 75 && refused.errors.contains("sweep"), "\(refused.errors)")
    #expect(FileManager.default.fileExists(atPath: part.path))
    running.send(SIGINT)
    #expect(try running.wait().code == 85)

    let store = home.appending(path: "store.sqlite")
    let noise = Data(repeating: 0x5a, count: 8192)
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: store.path + suffix)
    }
    try noise.write(to: store)
    let partly = try process.dept("gc")
    #expect(partly.code == 65)
    #expect(partly.output.contains("1 part of downloads"), "\(partly.output)")
    #expect(partly.errors.contains("nothing of the store was removed: "), "\(partly.errors)")
    #expect(!FileManager.default.fileExists(atPath: part.path))
    #expect(try Data(contentsOf: store) == noise)
  }

  @Test("an experiment that was imported under any name has its report inside of reports")
  func oddNames() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    #expect(try process.dept("run", "sweep.swift", "--no-report").code == 0)
    let exported = try process.dept(
      "export", "sweep", "--format", "tensorboard", "--output", "events")
    #expect(exported.code == 0, "\(exported.errors)")
    let imported = try process.dept("import", "tensorboard", "events", "--experiment", "../x")
    #expect(imported.code == 0, "\(imported.errors)")
    #expect(try process.dept("report", "../x").code == 0)
    let folder = process.folder.path
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/x"))
    #expect(FileManager.default.fileExists(atPath: "\(folder)/reports/%2E.%2Fx/index.html"))
  }
}
