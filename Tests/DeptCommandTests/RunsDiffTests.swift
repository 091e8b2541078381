import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct RunsDiffTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private func fields(_ value: Any?) -> [String] {
    (value as? [[String: Any]])?.compactMap { $0["field"] as? String } ?? []
  }

  @Test("two seeds differ in the seed, and their curves from the first step on")
  func seeds() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    #expect(try process.dept("run", "sweep.swift").code == 0)
    let ids = try process.runIDs()
    let difference = try process.dept("runs", "diff", ids[0], ids[1], "--json").json()
    #expect(fields(difference["asked"]) == ["seed"])
    #expect(fields(difference["data"]).isEmpty)
    #expect(fields(difference["code"]).isEmpty)
    #expect(fields(difference["environment"]).isEmpty)
    #expect(difference["equal"] as? Bool == false)
    let curves = try #require(difference["curves"] as? [[String: Any]])
    let loss = try #require(curves.first { $0["metric"] as? String == "train/loss" })
    #expect(loss["step"] as? Int == 1)
    #expect(loss["first"] as? Double != loss["second"] as? Double)
    let text = try process.dept("runs", "diff", ids[0], ids[1]).output
    #expect(text.contains("asked\n"))
    #expect(text.contains("train/loss parts at step 1: "))

    let wide = try process.dept("runs", "diff", ids[0], ids[1], "--tolerance", "100")
    #expect(wide.output.contains("equal within 100.0"), "\(wide.output)")
    let same = try process.dept("runs", "diff", ids[0], ids[0])
    #expect(same.output.contains("the same run"))
    #expect(try process.dept("runs", "diff", ids[0], "00ff00ff00ff").code == 66)
  }

  @Test("an edited file, another commit and other threads are told, with the lines that changed")
  func codeAndThreads() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    if DeptProcess.hasGit { try process.makeRepository() }
    let first = try process.dept(
      ["run", "sweep.swift", "--limit", "1"], environment: ["DEPT_THREADS": "1"])
    #expect(first.code == 0, "\(first.errors)")
    try process.write(DeptProcess.experiment(rank: 3), to: "sweep.swift")
    let second = try process.dept(
      ["run", "sweep.swift", "--limit", "1"], environment: ["DEPT_THREADS": "2"])
    #expect(second.code == 0, "\(second.errors)")
    let ids = try process.query(
      "SELECT id FROM v_runs WHERE state = 'succeeded' AND seed = 1"
    ).split(separator: "\n").dropFirst().map(String.init)
    #expect(ids.count == 2)
    let difference = try process.dept("runs", "diff", ids[0], ids[1], "--json").json()
    #expect(fields(difference["asked"]) == ["rank"])
    let environment = fields(difference["environment"])
    #expect(environment.contains("threads") && environment.contains("DEPT_THREADS"))
    #expect(fields(difference["code"]).contains("experiment's file"))
    let lines = try #require(difference["source"] as? [String])
    #expect(lines.contains { $0.hasPrefix("- ") && $0.contains("rank: 2") })
    #expect(lines.contains { $0.hasPrefix("+ ") && $0.contains("rank: 3") })
    #expect(lines.count == 2)
    guard DeptProcess.hasGit else { return }
    #expect(fields(difference["patches"]) == ["sweep.swift"])

    try process.git("commit", "--all", "--quiet", "--message", "rank 3")
    try process.write(DeptProcess.experiment(rank: 4), to: "sweep.swift")
    try process.git("commit", "--all", "--quiet", "--message", "rank 4")
    #expect(try process.dept("run", "sweep.swift", "--limit", "1").code == 0)
    let third = try #require(
      try process.query(
        "SELECT id FROM v_runs WHERE state = 'succeeded' AND hyperparameters LIKE '%:4%'"
      ).split(separator: "\n").last.map(String.init))
    let later = try process.dept("runs", "diff", ids[0], third, "--json").json()
    #expect(fields(later["code"]).contains("commit"))
    let between = try #require(later["commits"] as? [[String: Any]])
    #expect(between.count == 1)
    #expect(between.first?["second"] as? String == "+1 −1")
  }
}
