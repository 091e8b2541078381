import Experiments
import Foundation
import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// One worker: a process in a group of its own, which takes orders on its standard input.
///
/// Being in its own group it does not see the terminal's Ctrl-C, which is for the scheduler to
/// decide about. When the scheduler dies, the worker's input ends and the worker stops by itself.
enum WorkerProcess {
  /// What happens to a worker, in this order; the last is `exited` or `failedToLaunch`.
  enum Report: Sendable {
    case launched(pid: Int)
    case replied(WorkReply)
    /// `wasKilled`: by a signal that no program can answer.
    case exited(reason: String, wasKilled: Bool)
    case failedToLaunch(String)
  }

  /// Starts a worker and reports what happens to it until it has ended.
  static func run(
    _ command: WorkerCommand, orders: AsyncStream<WorkOrder>, report: @Sendable (Report) -> Void
  ) async {
    var platform = PlatformOptions()
    platform.processGroupID = 0
    do {
      let result = try await Subprocess.run(
        .path(FilePath(command.executable)), arguments: Arguments(command.arguments),
        platformOptions: platform, input: .inputWriter, output: .sequence,
        error: .currentStandardError
      ) { execution in
        report(.launched(pid: Int(execution.processIdentifier.value)))
        await withTaskGroup(of: Void.self) { group in
          let writer = execution.standardInputWriter
          group.addTask { await send(orders, to: writer) }
          await listen(to: execution.standardOutput, report)
          // The output has ended, and with it the process: nobody reads orders any more.
          group.cancelAll()
        }
      }
      let status = result.terminationStatus
      report(.exited(reason: describe(status), wasKilled: status == .signaled(SIGKILL)))
    } catch {
      report(.failedToLaunch("\(error)"))
    }
  }

  private static func send(_ orders: AsyncStream<WorkOrder>, to writer: StandardInputWriter) async {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for await order in orders {
      guard let line = try? encoder.encode(order) else { continue }
      // A write fails where the worker has died, which its end of output tells as well.
      guard (try? await writer.write([UInt8](line) + [0x0a])) != nil else { return }
    }
    try? await writer.finish()
  }

  private static func listen(
    to output: SubprocessOutputSequence, _ report: @Sendable (Report) -> Void
  ) async {
    let lines = output.strings(separatedBy: .unicodeScalarSequence(["\n"]))
    do {
      for try await line in lines {
        if let reply = try? JSONDecoder().decode(WorkReply.self, from: Data(line.utf8)) {
          report(.replied(reply))
        }
      }
    } catch {
      // The end of the process is what counts, and is reported by itself.
    }
  }

  private static func describe(_ status: TerminationStatus) -> String {
    switch status {
    case .exited(let code): "the worker ended with exit code \(code)"
    case .signaled(let number):
      "the worker was ended by signal \(number) (\(String(cString: strsignal(number))))"
    }
  }
}
