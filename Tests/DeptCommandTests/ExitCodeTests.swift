import Foundation
import Testing

@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct ExitCodeTests {
  /// A script, the exit code of `dept run`, and what standard error says.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var code: Int32
    var said: [String]
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "does not compile", source: DeptProcess.experiment("let x: Int = \"\""), code: 65,
      said: ["sweep.swift:6:18: error:", "dept: sweep.swift does not compile"]),
    Case(
      name: "no experiment", source: "import Dept\nstruct Quiet {}\n", code: 65,
      said: ["dept: sweep.swift declares no experiment"]),
    Case(
      name: "traps", source: DeptProcess.experiment("let _ = [1][CommandLine.argc > 0 ? 3 : 0]"),
      code: 65, said: ["dept: sweep.swift:6: the experiment stopped", "Index out of range"]),
    Case(
      name: "unknown data set",
      source: DeptProcess.experiment("Run(LoRA(), on: \"sst3\", with: \"./tiny\")"), code: 65,
      said: ["sweep.swift:6: error: there is no data set 'sst3'; did you mean 'sst2'"]),
    Case(
      name: "unknown architecture",
      source: DeptProcess.experiment(
        "Run(LoRA(), on: .length(16), with: .random(\"t5-bsae\")).timing(.training)"), code: 65,
      said: ["sweep.swift:6: error: there is no backbone 't5-bsae'; did you mean 't5-base'?"]),
    Case(
      name: "no length",
      source: DeptProcess.experiment("Run(LoRA(), on: \"length-0\", with: \"./tiny:random\")"),
      code: 65,
      said: ["sweep.swift:6: error: there is no data set 'length-0'; did you mean 'length-256'"]),
    Case(
      name: "timed without a step to warm up",
      source: DeptProcess.experiment(
        "Run(LoRA(), on: .length(16), with: \"./tiny:random\").timing(.training).steps(1)"),
      code: 65, said: ["sweep.swift:6: error: a run that is timed needs at least 2 steps"]),
    Case(
      name: "data not fetched",
      source: DeptProcess.experiment("Run(LoRA(), on: .rte, with: \"./tiny\")"), code: 66,
      said: ["sweep.swift:6: error: the data set 'rte' is not on this machine", "dept fetch rte"]),
  ]

  @Test(
    "a bad experiment ends with its code and a sentence that names the line", arguments: cases)
  func bad(_ test: Case) throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(test.source, to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == test.code, "\(outcome.errors)")
    for sentence in test.said { #expect(outcome.errors.contains(sentence), "\(outcome.errors)") }
    #expect(outcome.output.isEmpty)
  }

  @Test("what is missing, malformed or unwritable has its own code")
  func files() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    #expect(try process.dept("run", "none.swift").code == 66)
    try process.write("{\"format\": 1}", to: "plan.json")
    let malformed = try process.dept("plan", "plan.json")
    #expect(malformed.code == 65)
    #expect(
      malformed.errors.contains("plan.json cannot be read: it is not a plan: runs is missing"))
    try process.write("text", to: "notes.txt")
    #expect(try process.dept("run", "notes.txt").code == 65)
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    #expect(try process.dept("run", "sweep.swift", "--home", "sweep.swift/home").code == 69)
    #expect(try process.dept("run", "sweep.swift", "--jobs", "0").code == 2)
    #expect(try process.dept("report", "nothing").code == 66)
    #expect(
      try process.dept("run", "sweep.swift", environment: ["PATH": "/nowhere"]).code == 69)
  }

  @Test("the version comes at once")
  func version() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("--version")
    #expect(outcome.code == 0)
    #expect(outcome.output.split(separator: ".").count == 3)
    // Fifty milliseconds are promised; the margin is for a machine that is busy.
    #expect(outcome.seconds < 1)
  }
}
