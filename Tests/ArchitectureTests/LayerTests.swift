import RegexBuilder
import Testing

/// Imports are declared dependencies, and dependencies point downward.
@Suite struct LayerTests {
  /// The layer of every target; a target may import only what lies below it.
  private static let layers: [[String]] = [
    ["COpenBLAS", "CCurl", "CArchive", "CMarkdown", "CSentencePiece"],
    ["Kernels"],
    ["TensorEngine", "Tokenization", "Documents", "Spelling"],
    ["NeuralNetworks", "Checkpoints", "Rendering"],
    ["Backbones", "TuningMethods", "Evaluation"],
    ["Datasets", "Fetching", "Training"],
    ["Experiments", "Workers"],
    ["Reports", "RunStorage", "Dept"],
    ["Scheduling", "ScriptRunner", "Exchange"],
    ["DeptCommand"],
  ]
  /// What exists for tests and may import anything.
  private static let testing: Set<String> = ["DeptTesting", "TestWorker"]
  /// Pairs within one layer that are in order: the second is above the first.
  private static let neighbours: Set<[String]> = [
    ["Datasets", "Fetching"], ["Datasets", "Training"], ["Experiments", "Workers"],
    ["Reports", "Dept"],
  ]
  /// What the toolchain and the system bring along.
  private static let system: Set<String> = [
    "Swift", "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl",
    "Darwin", "Testing", "Observation", "RegexBuilder", "System", "_Concurrency",
    "FoundationNetworking", "Runtime",
    "SystemPackage",  // What swift-subprocess names paths and descriptors with.
  ]
  private static func layer(_ target: String) -> Int? {
    layers.firstIndex { $0.contains(target) }
  }

  @Test("every import in a target is one of its direct dependencies")
  func imports() throws {
    let manifest = try SourceTree.manifest()
    var findings: [String] = []
    for file in try SourceTree.files("Sources") + SourceTree.files("Tests") where file.isSwift {
      guard let declared = manifest.dependencies[file.target] else { continue }
      var isText = false  // Inside a text of several lines, which may be a program itself.
      for line in file.lines {
        if line.contains("\"\"\"") { isText.toggle() }
        guard !isText, line.contains("import ") else { continue }
        guard let module = importedModule(line) else { continue }
        if !declared.contains(module), !Self.system.contains(module) {
          findings.append("\(file) imports \(module), which Package.swift does not declare")
        }
      }
    }
    #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
  }

  @Test("every dependency lies in a lower layer")
  func downward() throws {
    let manifest = try SourceTree.manifest()
    #expect(manifest.dependencies["TensorEngine"] == ["Kernels"])
    #expect(manifest.dependencies["Kernels"] == ["COpenBLAS"])
    for (target, dependencies) in manifest.dependencies.sorted(by: { $0.key < $1.key }) {
      let isForTests = manifest.tests.contains(target) || Self.testing.contains(target)
      guard !isForTests else { continue }
      let own = try #require(Self.layer(target), "\(target) has no layer")
      for dependency in dependencies {
        guard let below = Self.layer(dependency) else { continue }
        let isNeighbour = Self.neighbours.contains([dependency, target])
        #expect(below < own || isNeighbour, "\(target) depends on \(dependency), not below it")
      }
    }
  }

  @Test("every target of the table that is declared has sources, and none is missing")
  func complete() throws {
    let manifest = try SourceTree.manifest()
    let known = Self.testing.union(Self.layers.joined())
    let targets = Set(manifest.dependencies.keys).subtracting(manifest.tests)
    #expect(targets.subtracting(known) == [])
    let folders = Set(try SourceTree.files("Sources").map(\.target))
    #expect(targets.subtracting(folders) == ["TestWorker"], "these have no file")
  }

  @Test("every test target's folder is declared")
  func tests() throws {
    let declared = try SourceTree.manifest().tests
    let folders = Set(try SourceTree.files("Tests").map(\.target)).filter {
      $0.hasSuffix("Tests")
    }
    #expect(folders.subtracting(declared) == [], "these tests never run")
  }

  /// The module of an import declaration.
  private func importedModule(_ line: Substring) -> String? {
    let access = /(?:@[\w()]+\s+)*(?:public|package|internal|fileprivate|private)?\s*/
    let kind = /(?:(?:struct|class|enum|func|protocol|typealias|let|var)\s+)?/
    let pattern = Regex {
      ZeroOrMore(.whitespace)
      access
      "import "
      kind
      Capture { /\w+/ }
      ZeroOrMore(.any)
    }
    return line.wholeMatch(of: pattern).map { String($0.output.1) }
  }
}
