import ArgumentParser
import Foundation
import RunStorage
import Scheduling

/// `dept stop`: asks whoever carries out an experiment to stop.
struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop an experiment after the checkpoints of its runs.",
    discussion: """
      `dept run` goes on from there. With --now, runs are ended at once and go on from their last \
      checkpoint.
      Example: dept stop glue
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "The experiment.") var experiment: String
  @Flag(help: "Do not wait for checkpoints.") var now = false

  func run() throws {
    let store = try surroundingsOptions.store()
    let status = try store.status(of: experiment)
    // Those who help would take over from the one that stops.
    for companion in Companion.living(home: surroundingsOptions.homePath, experiment: experiment) {
      kill(pid_t(companion.process.pid), SIGTERM)
    }
    guard let pid = status.scheduler else {
      print("\(experiment) is not running")
      return
    }
    // Once asks for checkpoints, twice for the end. Of signals that a busy machine delivers late
    // several count as one, so for the end it is asked until it is there.
    let process = ProcessIdentity(pid: pid)
    for count in 0..<(now ? 50 : 1) where count == 0 || process.isAlive {
      guard kill(pid_t(pid), SIGTERM) == 0 || (count > 0 && errno == ESRCH) else {
        throw Failure(
          .unavailable,
          "the process \(pid) of \(experiment) cannot be stopped: "
            + String(cString: strerror(errno)))
      }
      if now { Thread.sleep(forTimeInterval: 0.2) }
    }
    print("\(experiment) (process \(pid)) was asked to stop\(now ? " at once" : "")")
  }
}
