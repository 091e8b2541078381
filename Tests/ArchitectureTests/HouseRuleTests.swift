import Foundation
import Testing

/// The rules of the house that a compiler does not check.
@Suite struct HouseRuleTests {
  @Test("no file is over 500 lines, and half are at most 120")
  func sizes() throws {
    let files = try SourceTree.files("Sources")
    #expect(files.count > 50)
    expectNone(files.filter { $0.lines.count > 500 }.map { "\($0): \($0.lines.count) lines" })
    let lengths = files.map(\.lines.count).sorted()
    #expect(lengths[lengths.count / 2] <= 120)
  }

  @Test("no line is over 100 columns")
  func columns() throws {
    // A raw string is a file in a test: its lines are as long as they are.
    try expectNone { $0.utf8.count > 100 && $0.count > 100 && !$0.contains("#\"") }
  }

  @Test("no file is named for being left over")
  func fileNames() throws {
    let forbidden: Set<String> = [
      "utils", "utilities", "util", "helpers", "helper", "common", "manager", "misc", "base",
      "other",
    ]
    let files = try SourceTree.files("Sources") + SourceTree.files("Tests")
    expectNone(
      files.map(\.path).filter { path in
        let words = path.replacing(/([a-z])([A-Z])/) { "\($0.output.1) \($0.output.2)" }
          .lowercased().split(whereSeparator: { !$0.isLetter }).map(String.init)
        return !forbidden.isDisjoint(with: words)
      })
  }

  @Test("no type takes a name of the standard libraries, or of what manages everything")
  func typeNames() throws {
    let taken: Set<Substring> = [
      "Task", "Executor", "Operation", "Progress", "Measurement", "Result",
    ]
    let declaration = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
    try expectNone { line in
      guard let name = code(line).firstMatch(of: declaration)?.output.1 else { return false }
      return taken.contains(name) || ["Manager", "Helper", "Utils"].contains { name.hasSuffix($0) }
    }
  }

  @Test("no error is turned into a crash, and no optional is forced")
  func force() throws {
    let forced = /[\w\)\]]!(?=[.\[\)\s,\(]|$)/
    try expectNone { line in
      guard line.contains("!"), !line.contains("= /") else { return false }
      return code(line).contains(forced)
    }
  }

  @Test("whoever vouches for concurrency says why on the same line")
  func unchecked() throws {
    try expectNone { line in
      let vouches =
        code(line).contains("@unchecked Sendable")
        || code(line).contains("nonisolated(unsafe)")
      return vouches && !line.contains("//")
    }
  }

  @Test("no file of the project names a place of one machine")
  func places() throws {
    let places = ["/" + "work/", "/" + "home/", "/" + "Users/"]
    try expectNone { line in places.contains { line.contains($0) } }
  }

  @Test("what Package.resolved pins comes from GitHub")
  func registries() throws {
    let url = SourceTree.root.appendingPathComponent("Package.resolved")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return }
    let locations = text.split(separator: "\n").filter { $0.contains("\"location\"") }
    expectNone(locations.filter { !$0.contains("https://github.com/") }.map(String.init))
  }

  @Test("nothing below the command line reads the environment")
  func environment() throws {
    let files = try SourceTree.files("Sources").filter { $0.target != "DeptCommand" }
    try expectNone(in: files) { line in
      code(line).contains("processInfo.environment") || code(line).contains("getenv(")
    }
  }

  @Test("public types are documented")
  func documentation() throws {
    let declaration = /\s*public\s+(?:\w+\s+)*(?:struct|class|enum|actor|protocol)\s+\w.*/
    var findings: [String] = []
    for file in try SourceTree.files("Sources") where file.isSwift {
      for (index, line) in file.lines.enumerated() where line.contains("public ") {
        guard line.wholeMatch(of: declaration) != nil else { continue }
        let above = file.lines[..<index].last { !$0.trimmingPrefix(/\s*/).hasPrefix("@") }
        if above?.trimmingPrefix(/\s*/).hasPrefix("///") != true {
          findings.append("\(file):\(index + 1): \(line)")
        }
      }
    }
    expectNone(findings)
  }

  // MARK: Looking

  /// Fails with every line of the files, all by default, that breaks a rule.
  private func expectNone(
    in files: [SourceTree.File]? = nil, _ location: SourceLocation = #_sourceLocation,
    where breaks: (Substring) throws -> Bool
  ) throws {
    let all = try files ?? SourceTree.files("Sources") + SourceTree.files("Tests")
    let findings = try all.flatMap { file in
      try file.lines.enumerated().filter { try breaks($1) }.map { "\(file):\($0 + 1): \($1)" }
    }
    expectNone(findings, location)
  }

  private func expectNone(_ findings: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(
      findings.isEmpty, "\(findings.joined(separator: "\n"))", sourceLocation: location)
  }

  /// A line without strings and comments.
  private func code(_ line: Substring) -> String {
    guard line.contains("\"") || line.contains("//") else { return String(line) }
    let text = String(line).replacing(/"(?:[^"\\]|\\.)*"/, with: "\"\"")
    return text.range(of: "//").map { String(text[..<$0.lowerBound]) } ?? text
  }
}
