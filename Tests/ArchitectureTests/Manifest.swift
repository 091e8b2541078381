import Foundation

/// The targets that `Package.swift` declares, read from its text.
struct Manifest {
  /// Direct dependencies by target, products of other packages included.
  let dependencies: [String: Set<String>]
  /// Test targets.
  let tests: Set<String>

  init(_ text: String) {
    let code = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingPrefix(/\s*/).hasPrefix("//") ? "" : String($0) }
      .joined(separator: "\n")
    let start = code.range(of: "targets: [", options: .backwards)?.upperBound ?? code.startIndex
    let list = code[start...]
    let opening = /(?:layer|tests|\.\w*[tT]arget|\.systemLibrary)\(\s*(?:name: )?"(\w+)"/
    let matches = Array(list.matches(of: opening))
    var dependencies: [String: Set<String>] = [:]
    var tests: Set<String> = []
    for (index, match) in matches.enumerated() {
      let end = index + 1 < matches.count ? matches[index + 1].range.lowerBound : list.endIndex
      let body = list[match.range.upperBound..<end]
      let name = String(match.output.1)
      dependencies[name] = Self.names(body)
      if match.output.0.hasPrefix("tests") { tests.insert(name) }
    }
    self.dependencies = dependencies
    self.tests = tests
  }

  /// What the first list of a declaration names.
  private static func names(_ body: Substring) -> Set<String> {
    guard let open = body.firstIndex(of: "["), let close = body[open...].firstIndex(of: "]") else {
      return []
    }
    // Resources, settings and providers are lists as well, but come with a label of their own.
    let label = body[..<open].trimmingPrefix(/[,\s]*/)
    guard label.isEmpty || label.hasPrefix("dependencies:") else { return [] }
    let list = body[open..<close].replacing(/package: "[^"]*"/, with: "")
    return Set(list.matches(of: /"([\w.]+)"/).map { String($0.output.1) })
  }
}
