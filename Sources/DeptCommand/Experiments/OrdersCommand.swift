import ArgumentParser
import Experiments
import Foundation
import Workers

/// `dept worker`: carries out orders on standard input; what `dept run PLAN.json` starts.
///
/// An experiment's own executable does the same for `dept run FILE.swift`, with the methods that
/// its file declares.
struct OrdersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Carry out orders on standard input, one JSON object a line.",
    shouldDisplay: false)

  func run() throws {
    let execution = RunExecution()
    let code = Worker.serve { order, record, synchronize, shouldStop in
      try execution.carryOut(
        order, method: try order.spec.method.catalogued(), record: record,
        synchronize: synchronize, shouldStop: shouldStop)
    }
    throw ExitCode(code)
  }
}
