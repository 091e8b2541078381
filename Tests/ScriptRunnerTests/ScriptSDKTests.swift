import Experiments
import Foundation
import Testing

@testable import ScriptRunner

@Suite(.enabled(if: ScriptWorkshop.isPossible, "the script library was not built with the tests"))
struct ScriptSDKTests {
  private let workshop: ScriptWorkshop

  init() throws { workshop = try ScriptWorkshop(sharesHome: false) }

  /// Turns the library at `path` into what the linker calls another build.
  private func rebuild(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    let note = Data([0x14, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0])
    let range = try #require(bytes.range(of: note))
    bytes[range.upperBound] ^= 0xff
    try bytes.write(to: URL(filePath: path))
  }

  /// A copy of the build folder as far as scripts need it, so that a test may change it.
  private func copyOfBuildFolder() throws -> String {
    let folder = try #require(ScriptWorkshop.buildFolder)
    let copy = workshop.directory.appending(path: "build")
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    var names = ["Modules", ScriptSDK.libraryName]
    for module in ScriptSDK.cModules {
      let map = "\(module).build/module.modulemap"
      guard FileManager.default.fileExists(atPath: "\(folder)/\(map)") else { continue }
      try FileManager.default.createDirectory(
        at: copy.appending(path: "\(module).build"), withIntermediateDirectories: true)
      names.append(map)
    }
    for name in names {
      try FileManager.default.copyItem(
        at: URL(filePath: "\(folder)/\(name)"), to: copy.appending(path: name))
    }
    return copy.path
  }

  @Test("an SDK is staged once, complete, and without a path of the checkout")
  func staging() async throws {
    defer { workshop.remove() }
    let sdk = try await workshop.sdk()
    #expect(sdk == (try await workshop.sdk()))
    #expect(FileManager.default.fileExists(atPath: sdk.libraryPath))
    let modules = try FileManager.default.contentsOfDirectory(atPath: "\(sdk.directory)/Modules")
    #expect(modules.sorted() == ScriptSDK.swiftModules.map { "\($0).swiftmodule" })
    for module in sdk.manifest.cModules {
      let map = try String(
        contentsOfFile: "\(sdk.directory)/include/\(module)/module.modulemap", encoding: .utf8)
      #expect(!map.contains("/"), "\(module)")
    }
    #expect(sdk.manifest.library?.count == 40)
    #expect(sdk.compiler.contains("Swift version"))
  }

  @Test("a build that changed is another SDK, and its scripts are compiled anew")
  func rebuilt() async throws {
    defer { workshop.remove() }
    let build = try copyOfBuildFolder()
    let first = try await workshop.sdk(from: build)
    try rebuild("\(build)/\(ScriptSDK.libraryName)")
    let second = try await workshop.sdk(from: build)
    #expect(first.build != second.build)
    #expect(FileManager.default.fileExists(atPath: first.libraryPath))
    let path = try workshop.write(ScriptWorkshop.experiment(ScriptWorkshop.oneRun))
    for sdk in [first, second] {
      let script = try await ScriptCompiler(
        sdk: sdk, compiler: ScriptWorkshop.compiler, home: workshop.home
      ).compile(path)
      #expect(try await script.plan(environment: ScriptWorkshop.environment).value.runs.count == 1)
    }
  }

  @Test("a library changed under a compiled script is noticed, never garbage")
  func stale() async throws {
    defer { workshop.remove() }
    let sdk = try await workshop.sdk()
    let script = try await workshop.compile(
      try workshop.write(ScriptWorkshop.experiment(ScriptWorkshop.oneRun)))
    _ = try await script.plan(environment: ScriptWorkshop.environment)
    try rebuild(sdk.libraryPath)
    let error = await #expect(throws: ScriptError.self) {
      try await script.plan(environment: ScriptWorkshop.environment)
    }
    guard case .otherLibrary(_, let library, let said)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(library == sdk.directory)
    #expect(said.contains("was compiled against build"))
  }

  @Test("without a library, the places that were searched are named")
  func missing() async throws {
    defer { workshop.remove() }
    let error = await #expect(throws: ScriptError.self) {
      try await workshop.sdk(from: "/nowhere/bin")
    }
    #expect(error == .sdkMissing(searched: ["/nowhere/lib/dept/sdk", "/nowhere/bin"]))
  }

  @Test("an installed SDK is used where it lies")
  func installed() async throws {
    defer { workshop.remove() }
    let staged = try await workshop.sdk()
    let lib = workshop.directory.appending(path: "prefix/lib/dept")
    try FileManager.default.createDirectory(at: lib, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: URL(filePath: staged.directory), to: lib.appending(path: "sdk"))
    let sdk = try await workshop.sdk(from: workshop.directory.appending(path: "prefix/bin").path)
    #expect(sdk.directory == lib.appending(path: "sdk").path)
    #expect(sdk.build == staged.build)
  }

  @Test("a home that cannot be written is named")
  func unwritable() async throws {
    defer { workshop.remove() }
    try Data().write(to: URL(filePath: workshop.home))
    let error = await #expect(throws: ScriptError.self) { try await workshop.sdk() }
    guard case .unwritable(let path, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == workshop.home)
  }

  @Test("compiled scripts and earlier libraries are garbage, what is staged and in work is not")
  func garbage() async throws {
    defer { workshop.remove() }
    let sdk = try await workshop.sdk()
    let home = workshop.home
    for name in ["sdk/earlier/lib/x.so", "scripts/some/x", "scripts/draft-new/x"] {
      let file = URL(filePath: "\(home)/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data([1, 2, 3]).write(to: file)
    }
    let expected = ["\(home)/scripts/some", "\(home)/sdk/earlier"]
    let yesterday = ScriptGarbage(home: home, unusedSince: Date(timeIntervalSinceNow: -86_400))
    #expect(yesterday.found().isEmpty)
    let garbage = ScriptGarbage(home: home)
    let found = garbage.found().filter { !$0.path.contains("/modules") }
    #expect(found.map(\.path) == expected)
    #expect(found.map(\.bytes) == [3, 3])
    #expect(try garbage.collect().map(\.path).filter(expected.contains) == expected)
    for path in expected { #expect(!FileManager.default.fileExists(atPath: path)) }
    #expect(FileManager.default.fileExists(atPath: "\(home)/scripts/draft-new/x"))
    #expect(FileManager.default.fileExists(atPath: sdk.libraryPath))
    #expect(try await workshop.sdk() == sdk)
  }
}
