import Datasets
import Experiments
import Foundation
import Scheduling
import Synchronization
import Training

/// What people see of a scheduler at work: a bar, and a line for everything that ends.
///
/// A class because it remembers what it drew; the scheduler speaks to it from its own thread.
final class RunDisplay: Sendable {
  private struct State {
    var bar: ProgressLine?
    var total = 0
    var ended = 0
    /// The part of each run in hand that is done, from 0 to 1.
    var parts: [RunID: Double] = [:]
    var secondsLeft: Double?
    var failures: [String] = []
    /// The runs that failed while this was watching.
    var failed: Set<RunID> = []
    var names: RunNames
  }

  /// The steps of each run; those that follow from epochs are told when it starts.
  private let steps: Mutex<[RunID: Int]>
  private let label: String
  private let isDrawn: Bool
  private let isQuiet: Bool
  private let state: Mutex<State>

  init(_ plan: ResolvedPlan, isDrawn: Bool, isQuiet: Bool) {
    state = Mutex(State(names: RunNames(plan)))
    steps = Mutex(
      Dictionary(plan.runs.map { ($0.id, $0.spec.schedule.steps) }, uniquingKeysWith: { $1 }))
    label = plan.experiment
    self.isDrawn = isDrawn
    self.isQuiet = isQuiet
  }

  /// One line per run that failed, or whose source did: what, where and why.
  var failures: [String] { state.withLock { $0.failures } }

  /// The runs that failed while this was watching.
  var failed: Set<RunID> { state.withLock { $0.failed } }

  func show(_ event: ScheduleEvent) {
    state.withLock { state in
      func name(_ run: RunID) -> String { state.names.name(of: run) }
      switch event {
      case .planned(let summary, let count):
        // Whoever takes over from another has seen some end.
        state.total = state.ended + count
        if summary.cached > 0 { say("\(summary.cached) of \(summary.planned) runs cached", &state) }
      case .recovered(let run, let attempt):
        say("\(name(run)): attempt \(attempt) of an earlier scheduler taken over", &state)
      case .started(let run, _): state.parts[run] = 0
      case .reported(let run, .started(let start)):
        if let count = start.steps { steps.withLock { $0[run] = count } }
      case .reported(let run, .metric(let point)):
        state.parts[run] = Double(point.step) / Double(max(1, steps.withLock { $0[run] } ?? 1))
      case .reported: break
      case .progressed(let run, let step):
        state.parts[run] = Double(step) / Double(max(1, steps.withLock { $0[run] } ?? 1))
      case .succeeded(let run, let summary):
        end(run, &state)
        say("✓ \(name(run))  \(Self.scores(summary))", &state)
      case .failed(let run, let failure):
        end(run, &state)
        state.failed.insert(run)
        let line = "✗ \(name(run)) (\(run.short)): \(failure.message)"
        state.failures.append(line)
        say(line, &state)
      case .cancelled(let run, let source):
        end(run, &state)
        let line =
          "– \(name(run)) (\(run.short)) was not run: it starts from \(name(source)) "
          + "(\(source.short)), which failed; --retry-failed tries both again"
        state.failures.append(line)
        say(line, &state)
      case .stopped(let run, let step):
        end(run, &state)
        say("‖ \(name(run)) stopped after step \(step)", &state)
      case .paused(let run, _): state.parts[run] = nil
      case .pruned(let run, let step):
        end(run, &state)
        say("⊘ \(name(run)) pruned after step \(step): others of its group are better", &state)
      case .retried(let run, let failure, let rows):
        let parts = rows > 1 ? "parts of \(rows) rows" : "parts of one sequence"
        say("\(name(run)): \(failure.message); it goes on with steps in \(parts)", &state)
      case .suspended:
        say("\(label) is paused; `dept resume \(label)` lets it go on", &state)
      case .resumed: say("\(label) goes on", &state)
      case .helping(let pid):
        say("process \(pid) carries \(label) out; this one lends it its jobs", &state)
      case .capacity(let jobs):
        say("\(jobs) run\(jobs == 1 ? "" : "s") at a time from now on", &state)
      case .lost(let run, _, let reason):
        say("\(name(run)): \(reason); it starts again", &state)
      case .estimate(let seconds): state.secondsLeft = seconds
      }
      draw(&state)
    }
  }

  /// A line above the bar.
  func say(_ line: String) { state.withLock { say(line, &$0) } }

  /// Takes the bar away.
  func finish() { state.withLock { $0.bar?.finish() } }

  private func end(_ run: RunID, _ state: inout State) {
    state.parts[run] = nil
    state.ended += 1
  }

  private func say(_ line: String, _ state: inout State) {
    guard !isQuiet else { return }
    bar(&state).say(line)
  }

  /// The bar counts hundredths of a run, so that it moves while the first run is in hand.
  private func draw(_ state: inout State) {
    guard isDrawn, state.total > 0 else { return }
    let parts = state.parts.values.reduce(0, +)
    let done = Int(100 * (Double(state.ended) + parts))
    let left = state.secondsLeft.map { ", about \(Duration.seconds($0).inWords) left" } ?? ""
    bar(&state).update(done, detail: "\(state.ended) of \(state.total) runs\(left)")
  }

  private func bar(_ state: inout State) -> ProgressLine {
    if let bar = state.bar { return bar }
    let bar = ProgressLine(total: 100 * state.total, isDrawn: isDrawn, label: label)
    state.bar = bar
    return bar
  }

  private static func scores(_ summary: RunSummary) -> String {
    let split =
      summary.scores[.test].map { ("test", $0) }
      ?? summary.scores[.validation].map { ("validation", $0) }
    guard let (name, scores) = split else { return "\(summary.seconds.rounded(to: 1)) s" }
    return name + " "
      + scores.sorted { $0.key < $1.key }
      .map { "\($0.key) \((100 * $0.value).rounded(to: 1))" }.joined(separator: ", ")
  }
}
