import Foundation

/// The built `dept`, started as a user starts it, in a folder of its own.
struct DeptProcess {
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
    var seconds: Double

    /// The JSON object on standard output.
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// The folder commands run in; its `.dept` is their home.
  let folder: URL

  /// The executable that was built along with the tests; `nil` where there is none.
  static let executable: String? = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    for candidate in [own] + CommandLine.arguments {
      var folder = URL(filePath: candidate).deletingLastPathComponent()
      for _ in 0..<4 {
        let program = folder.appending(path: "dept").path
        let library = folder.appending(path: "libDeptScript.so").path
        if FileManager.default.isExecutableFile(atPath: program),
          FileManager.default.fileExists(atPath: library)
        {
          return program
        }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  /// A tiny T5 with random weights, in Hugging Face layout.
  static let backbone = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/t5-v1.0").path

  /// The text of the package's README.
  static func readme() throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
  }

  static var isPossible: Bool {
    executable != nil && FileManager.default.fileExists(atPath: "\(backbone)/model.safetensors")
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: "tiny").path, withDestinationPath: Self.backbone)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Runs `dept` to its end.
  func dept(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try dept(arguments, environment: environment)
  }

  /// Runs `dept` to its end, with `input` on standard input.
  func dept(
    _ arguments: [String], environment: [String: String] = [:], input: String = ""
  ) throws -> Outcome {
    try start(
      Self.executable ?? "/nowhere", arguments, environment: environment, input: input)
  }

  /// The answer to a query, as CSV.
  func query(_ sql: String) throws -> String {
    try dept("query", "--sql", sql, "--csv").output
  }

  /// Runs lines of a shell, in which `$DEPT` is the program.
  func shell(_ lines: String) throws -> Outcome {
    try start("/bin/sh", ["-c", lines], environment: ["DEPT": Self.executable ?? "/nowhere"])
  }

  private func start(
    _ program: String, _ arguments: [String], environment: [String: String], input: String = ""
  ) throws -> Outcome {
    try begin(program, arguments, environment: environment, input: input).wait()
  }

  /// A program that runs.
  struct Running {
    fileprivate let process: Process
    fileprivate let files: [URL]
    fileprivate let start: ContinuousClock.Instant

    var isRunning: Bool { process.isRunning }

    /// Ends it at once, as a loss of power does.
    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Ends it at once where it still runs: a test that has failed leaves nothing behind.
    func end() { if process.isRunning { kill() } }

    /// Sends it a signal.
    func send(_ number: Int32) { Foundation.kill(process.processIdentifier, number) }

    /// What it has written so far, to standard output and standard error.
    var said: (output: String, errors: String) {
      let texts = files.map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }
      return (texts[0], texts[1])
    }

    /// Waits until `condition` holds, or a minute is over.
    ///
    /// - Returns: whether it held.
    func waits(until condition: () throws -> Bool) rethrows -> Bool {
      let deadline = Date(timeIntervalSinceNow: 60)
      while Date() < deadline {
        if try condition() { return true }
        Thread.sleep(forTimeInterval: 0.02)
      }
      return false
    }

    /// Waits for its end.
    func wait() throws -> Outcome {
      process.waitUntilExit()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
      return Outcome(
        code: process.terminationStatus, output: texts[0], errors: texts[1], seconds: seconds)
    }
  }

  /// Starts `dept`, and does not wait for it.
  func begin(_ arguments: String..., environment: [String: String] = [:]) throws -> Running {
    try begin(Self.executable ?? "/nowhere", arguments, environment: environment)
  }

  private func begin(
    _ program: String, _ arguments: [String], environment: [String: String], input: String = ""
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    for name in [
      "DEPT_MIRROR", "DEPT_OFFLINE", "DEPT_MEMORY", "DEPT_LOCK", "DEPT_QUOTA", "HF_HOME",
      "HF_TOKEN", "HF_ENDPOINT",
    ] {
      variables[name] = nil
    }
    variables["DEPT_HOME"] = folder.appending(path: ".dept").path
    variables["HF_HUB_CACHE"] = folder.appending(path: "hub").path
    process.environment = variables.merging(environment) { $1 }
    // Files rather than pipes: nothing blocks, however much is written.
    let files = ["out", "err"].map { folder.appending(path: "\($0)-\(UUID().uuidString)") }
    for file in files { try Data().write(to: file) }
    let lines = folder.appending(path: "in-\(UUID().uuidString)")
    try Data(input.utf8).write(to: lines)
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = try FileHandle(forReadingFrom: lines)
    let start = ContinuousClock.now
    try process.run()
    return Running(process: process, files: files, start: start)
  }

  /// An experiment of two short runs whose plan begins with `prelude`.
  static func experiment(_ prelude: String = "", rank: Int = 2) -> String {
    """
    import Dept
    import Foundation

    @main struct Sweep: Experiment {
      var plan: Plan {
        \(prelude)
        Run(LoRA(rank: \(rank)), on: .genSentiment, with: "./tiny")
          .steps(2).batchSize(2).evaluate(every: 2, limit: 2).seeds(1...2)
      }
    }
    """
  }
}
