import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"),
  .enabled(if: DeptProcess.hasGit, "there is no git"))
struct ProvenanceProcessTests {
  private let process: DeptProcess

  init() throws {
    process = try DeptProcess()
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
  }

  /// What `dept runs show` says of the newest run, by JSON.
  private func shown() throws -> [String: Any] {
    let id = try #require(try process.runIDs().last)
    return try process.dept("runs", "show", id, "--json").json()
  }

  private func run() throws {
    let outcome = try process.dept("run", "sweep.swift", "--limit", "1")
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test("a run of a clean tree remembers commit, program, libraries and command, and no patch")
  func clean() throws {
    defer { process.remove() }
    try process.makeRepository()
    try run()
    let run = try shown()
    let provenance = try #require(run["provenance"] as? [String: Any])
    let commit = try #require(provenance["commit"] as? String)
    #expect(commit.count == 12 && commit.allSatisfy(\.isHexDigit))
    #expect(provenance["patch"] == nil)
    let environment = try #require(run["environment"] as? [String: Any])
    #expect(environment["command"] as? [String] == ["dept", "run", "sweep.swift", "--limit", "1"])
    let tree = try #require(environment["tree"] as? [String: Any])
    #expect((tree["commit"] as? String)?.hasPrefix(commit) == true)
    let libraries = try #require(environment["libraries"] as? [String: String])
    #expect(libraries["OpenBLAS"] != nil && libraries["SQLite"] != nil)
    #expect(libraries["SentencePiece"] != nil && libraries["libcurl"] != nil)
    for name in ["program", "script", "scriptLibrary", "source"] {
      #expect((environment[name] as? String)?.count == 64, "\(name)")
    }
    for name in ["compiler", "host", "kernel", "processor", "system"] {
      #expect((environment[name] as? String)?.isEmpty == false, "\(name)")
    }
    let id = try #require(run["id"] as? String)
    let source = try process.dept("runs", "show", id, "--source")
    #expect(source.output == DeptProcess.experiment())
    let patch = try process.dept("runs", "show", id, "--patch")
    #expect(patch.code == 66)
    #expect(patch.errors.contains("has no patch"))
  }

  @Test("changes are kept as a patch that git applies, untracked Swift files by their hash")
  func dirty() throws {
    defer { process.remove() }
    try process.write("one\n", to: "notes.txt")
    try process.makeRepository()
    try process.write("two\n", to: "notes.txt")
    try process.write("// not in git\n", to: "beside.swift")
    try run()
    let run = try shown()
    let provenance = try #require(run["provenance"] as? [String: Any])
    #expect((provenance["commit"] as? String)?.hasSuffix("+") == true)
    let hash = try #require(provenance["patch"] as? String)
    let environment = try #require(run["environment"] as? [String: Any])
    let tree = try #require(environment["tree"] as? [String: Any])
    let untracked = try #require(tree["untracked"] as? [String: String])
    #expect(Set(untracked.keys) == ["beside.swift"])
    let report = try process.read("reports/sweep/report.md")
    #expect(report.contains("with changes (patch \(hash.prefix(12)))"))

    let id = try #require(run["id"] as? String)
    let patch = try process.dept("runs", "show", id, "--patch").output
    #expect(patch.contains("-one\n+two\n"))
    try process.write(patch, to: "out-changes.patch")
    try process.git("checkout", "--quiet", "--", "notes.txt")
    try process.git("apply", "out-changes.patch")
    #expect(try process.read("notes.txt") == "two\n")
  }

  @Test("an experiment that git knows nothing of, or that lies in no repository, is run as well")
  func untrackedAndNone() throws {
    defer { process.remove() }
    try run()
    var provenance = try #require(try shown()["provenance"] as? [String: Any])
    #expect(provenance["commit"] as? String == "")
    #expect(try shown()["environment"] is [String: Any])

    try process.write("one\n", to: "notes.txt")
    try process.makeRepository()
    try process.git("rm", "--quiet", "--cached", "sweep.swift")
    try process.git("commit", "--quiet", "--message", "without the experiment")
    #expect(try process.dept("run", "sweep.swift").code == 0)
    provenance = try #require(try shown()["provenance"] as? [String: Any])
    #expect((provenance["commit"] as? String)?.hasSuffix("+") == true)
    #expect(provenance["patch"] == nil)
  }

  @Test("a patch that is too large is not kept, but the names of its files are")
  func largePatch() throws {
    defer { process.remove() }
    try process.write("", to: "large.txt")
    try process.makeRepository()
    let line = String(repeating: "x", count: 99) + "\n"
    try process.write(String(repeating: line, count: 12_000), to: "large.txt")
    try run()
    let run = try shown()
    let provenance = try #require(run["provenance"] as? [String: Any])
    #expect(provenance["patch"] == nil)
    #expect((provenance["commit"] as? String)?.hasSuffix("+") == true)
    let environment = try #require(run["environment"] as? [String: Any])
    let tree = try #require(environment["tree"] as? [String: Any])
    #expect(tree["changedFiles"] as? [String] == ["large.txt"])
  }

  @Test("no secret of the environment or the command is recorded")
  func secrets() throws {
    defer { process.remove() }
    let secret = "hf_" + String(repeating: "q", count: 30)
    let outcome = try process.dept(
      ["run", "sweep.swift"],
      environment: [
        "HF_TOKEN": secret, "HF_ENDPOINT": "https://me:hunter2@hub.example.org",
        "DEPT_TEST_VALUE": "plain", "OMP_NUM_THREADS": "2", "UNRELATED": secret,
      ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let id = try #require(try process.runIDs().first)
    let text = try process.dept("runs", "show", id, "--json").output
    #expect(!text.contains(secret))
    #expect(!text.contains("hunter2"))
    let environment = try #require(try shown()["environment"] as? [String: Any])
    let variables = try #require(environment["variables"] as? [String: String])
    #expect(variables["HF_TOKEN"] == "(masked)")
    #expect(variables["HF_ENDPOINT"] == "https://(masked)@hub.example.org")
    #expect(variables["DEPT_TEST_VALUE"] == "plain")
    #expect(variables["OMP_NUM_THREADS"] == "2")
    #expect(variables["UNRELATED"] == nil)
  }
}
