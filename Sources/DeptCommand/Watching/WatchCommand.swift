import ArgumentParser
import Foundation

/// `dept watch`: plans and reports anew whenever an experiment's file is saved.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Plan and report anew whenever an experiment's file is saved.",
    discussion: """
      dept watch experiments/quickstart.swift
      dept watch experiments/quickstart.swift --run --reload

      Says what a change did to the plan, and every mistake with its line; the report is written \
      where it changed, also when runs end that another terminal started. No run is started \
      unless --run is given or, in a terminal, Enter is pressed. Ctrl-C ends it, q as well.
      """)

  @Argument(help: "An experiment (FILE.swift).", completion: .file(extensions: ["swift"]))
  var file: String
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Start what is missing after every change, as dept run does.") var run = false
  @Option(help: "Seconds between two looks at the file.") var interval = 0.5
  @Flag(help: "Let the page in a browser read itself again every two seconds while this watches.")
  var reload = false

  func validate() throws {
    guard interval >= 0.05, interval <= 60 else {
      throw ValidationError("--interval must be from 0.05 to 60 seconds")
    }
    guard file.hasSuffix(".swift") else {
      throw ValidationError("\(file): only an experiment's file (.swift) can be watched")
    }
  }

  func run() async throws {
    let surroundings = surroundingsOptions.surroundings()
    var session = WatchSession(
      file: file, surroundings, startsRuns: run, reloadsEvery: reload ? 2 : nil)
    let signals = StopSignals()
    try await session.begin()
    let isTerminal = isatty(STDIN_FILENO) == 1
    Output.note(
      isTerminal
        ? "Watching \(file); Enter starts what is missing, q or Ctrl-C ends."
        : "Watching \(file).")
    while signals.received == nil {
      try await session.look()
      if isTerminal, let line = Self.typed() {
        if line == "q" { break }
        session.startRuns()
      }
      try? await Task.sleep(for: .seconds(interval))
    }
    await session.end(signals)
    if let signal = signals.received { throw ExitCode(128 + signal) }
  }

  /// A line that was typed; `nil` where there is none.
  private static func typed() -> String? {
    var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, 0) > 0, wait.revents & Int16(POLLIN) != 0 else { return nil }
    return readLine().map { $0.trimmingCharacters(in: .whitespaces) } ?? "q"
  }
}
