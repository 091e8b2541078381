public import Documents
public import Experiments
import Foundation

/// An experiment as an executable: it describes its plan, carries out its runs and reports on them.
public struct CompiledScript: Hashable, Sendable {
  /// The file, as the user wrote its path.
  public let path: String
  /// The experiment's name: the file's, without its extension.
  public let name: String
  public let executable: String
  /// What stands for the file's content: the `source` of the methods that it declares.
  public let source: String
  let sdk: ScriptSDK

  /// The arguments that make the executable a worker.
  public var workerArguments: [String] { [ScriptMode.worker.rawValue] }

  /// The compiler it was compiled by, in its own words.
  public var compiler: String { sdk.compiler }
  /// The path of the library that it loads.
  public var libraryPath: String { sdk.libraryPath }

  /// A reply, and what the experiment itself printed meanwhile.
  public struct Reply<Value: Sendable>: Sendable {
    public var value: Value
    public var printed: String
  }

  /// The plan the experiment describes, with all its issues.
  ///
  /// - Parameters:
  ///   - environment: the caller's; the experiment sees only a part of it, so that a plan depends
  ///     on nothing but its file.
  ///   - limit: the time it may take.
  /// - Throws: `ScriptError`.
  public func plan(environment: [String: String], limit: Duration = .seconds(10))
    async throws(ScriptError) -> Reply<RunPlan>
  {
    let reply = try await answer(.plan, input: [], environment: environment, limit: limit)
    var plan: RunPlan
    do throws(PlanTable.Fault) {
      plan = try PlanTable(decoding: reply.value).plan
    } catch {
      switch error {
      case .format(let found):
        throw .unsupportedFormat(path: path, found: found, supported: PlanTable.currentFormat)
      case .malformed(let reason):
        throw .malformedReply(path: path, doing: .plan, reason: reason)
      }
    }
    // Methods that the file declares are told apart by what the file says.
    for index in plan.runs.indices where plan.runs[index].spec.hasMethodOfFile {
      plan.runs[index].spec = plan.runs[index].spec.mapped { spec in
        if spec.method.source != nil { spec.method.source = source }
      }
    }
    return Reply(value: plan, printed: reply.printed)
  }

  /// The report the experiment writes on `results`.
  ///
  /// - Throws: `ScriptError`.
  public func report(
    on results: ResultSet, environment: [String: String], limit: Duration = .seconds(120)
  ) async throws(ScriptError) -> Reply<Document> {
    let input: [UInt8]
    do {
      input = try [UInt8](JSONEncoder().encode(results))
    } catch {
      throw .malformedReply(path: path, doing: .report, reason: "\(error)")
    }
    return try await ask(.report, input: input, environment: environment, limit: limit)
  }

  private func ask<Value: Decodable & Sendable>(
    _ mode: ScriptMode, input: [UInt8] = [], environment: [String: String], limit: Duration
  ) async throws(ScriptError) -> Reply<Value> {
    let reply = try await answer(mode, input: input, environment: environment, limit: limit)
    do {
      let value = try JSONDecoder().decode(Value.self, from: reply.value)
      return Reply(value: value, printed: reply.printed)
    } catch {
      throw .malformedReply(path: path, doing: mode, reason: "\(error)")
    }
  }

  /// What the experiment answers, as it is.
  private func answer(
    _ mode: ScriptMode, input: [UInt8], environment: [String: String], limit: Duration
  ) async throws(ScriptError) -> Reply<Data> {
    let process = ChildProcess(
      executable: executable, arguments: [mode.rawValue],
      environment: ScriptEnvironment.evaluation(from: environment), input: input, limit: limit)
    let outcome: ChildProcess.Outcome
    do {
      outcome = try await process.run()
    } catch {
      throw .malformedReply(path: path, doing: mode, reason: "it cannot be started: \(error)")
    }
    let said = outcome.errorText.trimmingCharacters(in: .whitespacesAndNewlines)
    switch outcome.ending {
    case .exited(0): break
    case .exited(ScriptExit.otherLibrary):
      throw .otherLibrary(path: path, library: sdk.directory, said: said)
    case .exited(let code):
      let last = said.split(separator: "\n").last.map(String.init) ?? ""
      throw .ended(path: path, doing: mode, code: code, said: last)
    case .signalled(let signal):
      let trace = Backtrace(outcome.errorText)
      if mode == .plan, trace.isOutOfMemory {
        throw .outOfMemory(path: path, at: trace.firstFrame(in: path))
      }
      if mode == .plan, trace.isEndless {
        throw .endless(path: path, at: trace.firstFrame(in: path))
      }
      throw .trapped(
        path: path, doing: mode, at: trace.firstFrame(in: path),
        reason: trace.reason ?? "signal \(signal)", trace: outcome.errorText)
    case .timedOut:
      throw .timedOut(path: path, doing: mode, seconds: Int(limit.components.seconds))
    }
    guard !outcome.output.isEmpty else { throw .noExperiment(path: path) }
    return Reply(value: Data(outcome.output), printed: outcome.errorText)
  }
}

extension RunSpec {
  /// Whether its method, or one that it starts from, is declared in the experiment's file.
  fileprivate var hasMethodOfFile: Bool {
    method.source != nil || sources.contains(where: \.hasMethodOfFile)
  }
}
