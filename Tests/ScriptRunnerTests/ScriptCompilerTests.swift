import Experiments
import Foundation
import Testing

@testable import ScriptRunner

@Suite(.enabled(if: ScriptWorkshop.isPossible, "the script library was not built with the tests"))
struct ScriptCompilerTests {
  private let workshop: ScriptWorkshop

  init() throws { workshop = try ScriptWorkshop() }

  private func failure(_ source: String, named name: String = "sweep.swift") async throws
    -> ScriptError
  {
    let path = try workshop.write(source, named: name)
    do {
      _ = try await workshop.compile(path)
    } catch let error as ScriptError {
      return error
    }
    Issue.record("it compiled")
    return .notFound(path: path)
  }

  @Test("the compiler's own words come through, with file, line and column")
  func rejected() async throws {
    let error = try await failure(
      ScriptWorkshop.experiment("Run(DePT(promptLen: 3), on: .rte, with: .nano)"))
    guard case .compilationFailed(_, let diagnostics) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(
      diagnostics.contains(
        "sweep.swift:5:13: error: incorrect argument label in call (have 'promptLen:', expected "
          + "'promptLength:')"))
  }

  @Test("a method without a data set is told what is missing")
  func bareMethod() async throws {
    let error = try await failure(ScriptWorkshop.experiment("DePT()"))
    guard case .compilationFailed(_, let diagnostics) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(diagnostics.contains("give a data set and a backbone"))
  }

  @Test("a file without an experiment, and one with statements outside of it, get a sentence")
  func wholeFile() async throws {
    let none = try await failure("import Dept\nstruct Quiet {}\n")
    #expect(none.description.contains("declares no experiment; mark a type with @main"))
    let loose = try await failure("import Dept\nprint(\(ScriptWorkshop.oneRun).count)\n")
    #expect(loose.description.contains("has statements outside of any type"))
  }

  @Test("a missing file, a folder and another program are told apart")
  func notExperiments() async throws {
    defer { workshop.remove() }
    await #expect(throws: ScriptError.notFound(path: "no/such.swift")) {
      try await workshop.compile("no/such.swift")
    }
    await #expect(throws: ScriptError.self) { try await workshop.compile(workshop.directory.path) }
    let other = try await workshop.compile(
      try workshop.write("@main struct Other { static func main() {} }\n", named: "other.swift"))
    await #expect(throws: ScriptError.noExperiment(path: other.path)) {
      try await other.plan(environment: ScriptWorkshop.environment)
    }
  }

  @Test("the same content is compiled once, another content anew")
  func cache() async throws {
    defer { workshop.remove() }
    let source = ScriptWorkshop.experiment(ScriptWorkshop.oneRun)
    let path = try workshop.write(source)
    let first = try await workshop.compile(path)
    let made = try FileManager.default.attributesOfItem(atPath: first.executable)
    let second = try await workshop.compile(path)
    let plan = try await second.plan(environment: ScriptWorkshop.environment)
    #expect(plan.value.runs.count == 1)
    #expect(first == second)
    let found = try FileManager.default.attributesOfItem(atPath: second.executable)
    #expect(made[.systemFileNumber] as? Int == found[.systemFileNumber] as? Int)
    let third = try await workshop.compile(try workshop.write(source + "\n// changed\n"))
    #expect(third.executable != first.executable)
  }

  @Test("two that compile the same file at once both get it")
  func race() async throws {
    defer { workshop.remove() }
    let path = try workshop.write(ScriptWorkshop.experiment(ScriptWorkshop.oneRun))
    async let one = workshop.compile(path)
    async let other = workshop.compile(path)
    let scripts = try await (one, other)
    #expect(scripts.0 == scripts.1)
    #expect(try await scripts.0.plan(environment: ScriptWorkshop.environment).value.runs.count == 1)
  }

  @Test("names of files that are no Swift names, or a module's, do no harm")
  func names() async throws {
    defer { workshop.remove() }
    for name in ["3 learning-rates.v2.swift", "Training.swift", "élan.swift"] {
      let path = try workshop.write(ScriptWorkshop.experiment(ScriptWorkshop.oneRun), named: name)
      let script = try await workshop.compile(path)
      #expect(script.name + ".swift" == name)
      #expect(
        try await script.plan(environment: ScriptWorkshop.environment).value.issues.isEmpty)
    }
  }

  @Test("without a compiler, or with another one, the remedy is named")
  func compilers() async throws {
    defer { workshop.remove() }
    let sdk = try await workshop.sdk()
    let path = try workshop.write(ScriptWorkshop.experiment(ScriptWorkshop.oneRun))
    let none = ScriptCompiler(
      sdk: sdk,
      compiler: SwiftCompiler(command: "no-such-swiftc", environment: ScriptWorkshop.environment),
      home: workshop.home)
    await #expect(throws: ScriptError.compilerMissing(name: "no-such-swiftc")) {
      try await none.compile(path)
    }
    let fake = workshop.directory.appending(path: "swiftc")
    try Data("#!/bin/sh\necho 'Swift version 5.9 (other)'\n".utf8).write(to: fake)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fake.path)
    let other = ScriptCompiler(
      sdk: sdk,
      compiler: SwiftCompiler(command: fake.path, environment: ScriptWorkshop.environment),
      home: workshop.home)
    await #expect(
      throws: ScriptError.compilerMismatch(
        library: sdk.compiler, found: "Swift version 5.9 (other)")
    ) { try await other.compile(path) }
  }
}
