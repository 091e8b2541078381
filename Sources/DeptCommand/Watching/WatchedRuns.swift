import Foundation

/// The `dept run` that a watch started: one at a time, and another after it where one was wanted
/// meanwhile.
struct WatchedRuns {
  private var process: Process?
  private var wanted: (file: String, home: String)?

  /// Starts what is missing of an experiment, now or once what runs has ended.
  mutating func start(_ file: String, home: String) {
    guard process == nil else {
      wanted = (file, home)
      return
    }
    let run = Process()
    run.executableURL = URL(filePath: Surroundings.executable)
    run.arguments = ["run", file, "--no-report", "--home", home]
    run.standardInput = FileHandle.nullDevice
    do {
      try run.run()
      process = run
    } catch {
      Output.note("dept: runs cannot be started: \(error.localizedDescription)")
    }
  }

  /// Notices the end of what runs.
  mutating func reap() {
    guard let run = process, !run.isRunning else { return }
    process = nil
    if let (file, home) = wanted {
      wanted = nil
      start(file, home: home)
    }
  }

  /// Asks what runs to stop after a checkpoint, and waits; a second signal ends it at once.
  mutating func end(_ signals: StopSignals) async {
    guard let run = process else { return }
    wanted = nil
    // In the terminal's own group it has heard of Ctrl-C already.
    let isApart = getpgid(run.processIdentifier) != getpgrp()
    if isApart || signals.received != SIGINT { kill(run.processIdentifier, SIGTERM) }
    Output.note("Waiting for the runs to write checkpoints; once more to stop at once.")
    var sent = max(1, signals.count)
    while run.isRunning {
      if signals.count > sent {
        sent = signals.count
        kill(run.processIdentifier, SIGTERM)
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    process = nil
  }
}
