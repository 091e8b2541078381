import Foundation

extension DeptProcess {
  /// Whether there is a `git` for repositories of tests.
  static let hasGit: Bool = (try? DeptProcess.run("git", "--version")) == 0

  /// Makes the folder a repository whose first commit has everything in it but `.dept` and what
  /// tests put there.
  func makeRepository() throws {
    try write(".dept\nout-*\nerr-*\nin-*\nreports\nhub\n", to: ".gitignore")
    try git("init", "--quiet")
    try git("add", "--all")
    try git("commit", "--quiet", "--message", "first")
  }

  /// Runs git in the folder, under a name of its own.
  func git(_ arguments: String...) throws {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    let code = try Self.run("git", ["-C", folder.path] + identity + arguments)
    guard code == 0 else { throw GitFailure(arguments: arguments, code: code) }
  }

  private struct GitFailure: Error {
    var arguments: [String]
    var code: Int32
  }

  private static func run(_ program: String, _ arguments: String...) throws -> Int32 {
    try run(program, arguments)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// The ids of the store's runs, oldest first.
  func runIDs() throws -> [String] {
    try query("SELECT id FROM v_runs").split(separator: "\n").dropFirst().map(String.init)
  }
}
