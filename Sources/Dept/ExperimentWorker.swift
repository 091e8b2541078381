import Experiments
import Foundation
import TuningMethods
import Workers

/// An experiment as the worker of its own runs: methods declared in its file exist here.
enum ExperimentWorker {
  /// Serves orders on standard input until it ends; the code to exit with.
  static func serve(_ plan: Plan) -> Int32 {
    let methods = Dictionary(
      withSources(plan.entries).map { ($0.spec.method, $0.method) },
      uniquingKeysWith: { first, _ in first })
    let execution = RunExecution()
    return Worker.serve { order, record, synchronize, shouldStop in
      // The file is this program: whatever digest it has, it is the same code.
      var wanted = order.spec.method
      if wanted.source != nil { wanted.source = MethodDescription.thisFile }
      let method = try methods[wanted] ?? order.spec.method.catalogued()
      return try execution.carryOut(
        order, method: method, record: record, synchronize: synchronize, shouldStop: shouldStop)
    }
  }

  /// The runs of a plan and all that they start from.
  private static func withSources(_ entries: [Plan.Entry]) -> [Plan.Entry] {
    entries.flatMap { withSources($0.sources) + [$0] }
  }
}
