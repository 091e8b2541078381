import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct BackwardClockTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  /// Moves all moments of the store to 2099, as if the clock had been wrong until now.
  ///
  /// - Returns: how many.
  private func moveMoments() throws -> Int {
    let store = process.folder.appending(path: ".dept/store.sqlite")
    let log = try? Data(contentsOf: URL(filePath: "\(store.path)-wal"))
    try #require(log?.isEmpty ?? true)
    var bytes = try [UInt8](Data(contentsOf: store))
    // As in 2026-11-27T19:55:00.
    let form = Array("dddd-dd-ddTdd:dd:dd".utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    var count = 0
    for start in 0...(bytes.count - form.count)
    where zip(form, bytes[start...]).allSatisfy({ form, byte in
      form == UInt8(ascii: "d") ? digits.contains(byte) : form == byte
    }) {
      bytes.replaceSubrange(start..<start + 4, with: Array("2099".utf8))
      count += 1
    }
    try Data(bytes).write(to: store)
    return count
  }

  private func newest() throws -> [String] {
    let output = try process.dept("status", "--json").output
    let statuses = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]]
    return statuses?.compactMap { $0["experiment"] as? String } ?? []
  }

  @Test("a store whose moments lie ahead of the clock goes on: the newest plan is the newest")
  func backwards() throws {
    defer { process.remove() }
    for (name, rank) in [("sweep.swift", 2), ("other.swift", 3)] {
      try process.write(DeptProcess.experiment(rank: rank), to: name)
      #expect(try process.dept("run", name, "--no-report").code == 0)
    }
    #expect(try newest() == ["other", "sweep"])
    #expect(try moveMoments() > 0)
    #expect(
      try process.query("SELECT min(started_at) > '2099' AS n, count(*) FROM attempt")
        == "n,count(*)\n1,4\n")
    #expect(
      try process.query("SELECT name FROM experiment WHERE planned_at > '2099'")
        == "name\nsweep\nother\n")

    // Another rank in the older experiment: its plan is the newest, though its moment is not.
    try process.write(DeptProcess.experiment(rank: 4), to: "sweep.swift")
    let plan = try process.dept("plan", "sweep.swift").output
    #expect(plan.contains("\n0 cached, 2 to run\n2 of the last plan are wanted no more"), "\(plan)")
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("sweep: 2 runs: 2 succeeded\n"), "\(outcome.output)")
    #expect(
      try process.query("SELECT name FROM experiment WHERE planned_at > '2099'") == "name\nother\n")
    #expect(try newest() == ["sweep", "other"])
    // Lists go by enrolment: what was carried out last is last.
    let ranks = "SELECT json_extract(hyperparameters, '$.rank') AS rank FROM v_runs"
    #expect(try process.query(ranks) == "rank\n2\n2\n3\n3\n4\n4\n")
    // Its newest plan is what is reported, and what is done is found whatever its moment.
    #expect(try process.read("reports/sweep/report.md").contains("| LoRA (r=4)"))
    #expect(try process.dept("run", "other.swift", "--no-report").output.contains("2 cached"))
    #expect(try newest() == ["other", "sweep"])

    let times = "SELECT count(*) AS n FROM attempt WHERE started_at < '2099' AND finished_at"
    #expect(try process.query("\(times) >= started_at AND finished_at < '2099'") == "n\n2\n")
    #expect(try process.query("\(times) < started_at") == "n\n0\n")
    let check = try process.dept("store", "check", "--json")
    #expect(check.code == 0, "\(check.output)")
    #expect(try check.json()["whole"] as? Bool == true)
  }
}
