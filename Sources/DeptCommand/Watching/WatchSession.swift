import Documents
import Experiments
import Foundation
import RunStorage
import Scheduling

/// One experiment that is watched: its newest plan that was sound, and what is known of its runs.
struct WatchSession {
  private struct Sound {
    var experiment: LoadedExperiment
    var plan: ResolvedPlan
  }

  private let file: String
  private let surroundings: Surroundings
  private let startsRuns: Bool
  private let reloadsEvery: Int?
  private var mark: FileMark?
  private var isGone = false
  private var storeMarks: [FileMark?] = []
  private var sound: Sound?
  /// Whether the file as it is now gives no plan.
  private var isBroken = false
  private var states: [RunID: RunState] = [:]
  private var runs = WatchedRuns()

  init(file: String, _ surroundings: Surroundings, startsRuns: Bool, reloadsEvery: Int?) {
    self.file = file
    self.surroundings = surroundings
    self.startsRuns = startsRuns
    self.reloadsEvery = reloadsEvery
  }

  /// Reads the file for the first time.
  ///
  /// - Throws: `Failure` where there is no such file, or nothing that could compile it.
  mutating func begin() async throws {
    guard FileMark(file) != nil else { throw Failure(.missingInput, "there is no file \(file)") }
    _ = try await surroundings.scriptCompiler()
    try await look()
  }

  /// Looks whether the file or the record of its runs has changed, and does what follows.
  mutating func look() async throws {
    let now = FileMark(file)
    if now == nil, !isGone { Output.note("\(file) is gone; waiting for it to come back") }
    isGone = now == nil
    if let now, now != mark {
      mark = now
      await read()
    } else if storeHasChanged() {
      await lookAtRuns()
    }
    runs.reap()
  }

  /// Starts what is missing, in a process of its own.
  mutating func startRuns() {
    guard sound != nil, !isBroken else {
      return Output.note("there is no plan to carry out; mend \(file) first")
    }
    runs.start(file, home: surroundings.home.path)
  }

  /// Waits for what was started, and leaves a page that does not reload itself.
  mutating func end(_ signals: StopSignals) async {
    await runs.end(signals)
    guard reloadsEvery != nil, let sound else { return }
    if let document = try? await sound.experiment.document(on: results(sound)) {
      _ = try? ReportFolder.standard(for: sound.experiment.name).write(document)
    }
  }

  // MARK: The file

  private mutating func read() async {
    do {
      let experiment = try await LoadedExperiment(file, surroundings)
      let plan = try await experiment.plan()
      guard plan.issues.isEmpty else { throw Failure(plan.issues, of: file) }
      let resolved = ExperimentOptions.resolve(plan, of: experiment, surroundings)
      guard resolved.issues.isEmpty else { throw Failure(resolved.issues, of: file, .missingInput) }
      let before = sound?.plan
      sound = Sound(experiment: experiment, plan: resolved)
      isBroken = false
      states = readStates()
      let missing = try tell(resolved, since: before)
      await render()
      if startsRuns, missing > 0 { runs.start(file, home: surroundings.home.path) }
    } catch {
      // Saved again meanwhile: then that is what is to be said.
      guard FileMark(file) == mark else { return }
      Output.note("dept: \(Failure(error).description)")
      let wasBroken = isBroken
      isBroken = true
      if !wasBroken { await render() }
    }
  }

  /// Says what the plan comes to, and what a change did to it.
  ///
  /// - Returns: how many runs are missing.
  private func tell(_ plan: ResolvedPlan, since before: ResolvedPlan?) throws -> Int {
    var options = ScheduleOptions()
    options.jobs = 1
    let reconciliation = try Reconciliation(
      plan, records: try store()?.records() ?? [:], options: options)
    let missing = reconciliation.work.count
    var counts = ["\(reconciliation.count(.cached)) cached", "\(missing) to run"]
    let failed = reconciliation.count(.failedBefore)
    if failed > 0 { counts.append("\(failed) failed before") }
    let old = Set(before?.runs.map(\.id) ?? [])
    let added = plan.runs.filter { !old.contains($0.id) }
    let kept = Set(plan.runs.map(\.id))
    let removed = before?.runs.filter { !kept.contains($0.id) } ?? []
    if before != nil { counts = ["\(added.count) new", "\(removed.count) removed"] + counts }
    let size = plan.runs.count
    print(
      "\(plan.experiment): \(size) run\(size == 1 ? "" : "s"): "
        + counts.joined(separator: ", "))
    if before != nil {
      for (sign, runs) in [("+", added), ("-", removed)] {
        for run in runs.prefix(5) { print("  \(sign) \(run.spec.name) (\(run.id.short))") }
        if runs.count > 5 { print("  \(sign) … \(runs.count - 5) more") }
      }
    }
    fflush(nil)
    return missing
  }

  // MARK: The record

  private mutating func storeHasChanged() -> Bool {
    let path = "\(surroundings.home.path)/store.sqlite"
    let marks = [FileMark(path), FileMark("\(path)-wal")]
    defer { storeMarks = marks }
    return marks != storeMarks
  }

  private mutating func lookAtRuns() async {
    let now = readStates()
    guard let sound, now != states else { return }
    let done = now.values.count { $0 == .succeeded }
    let failed = now.values.count { $0 == .failed }
    let known = states.values.count { $0 == .succeeded || $0 == .failed }
    states = now
    if done + failed != known {
      print(
        "\(sound.plan.experiment): \(done) of \(sound.plan.runs.count) runs done"
          + (failed > 0 ? ", \(failed) failed" : ""))
      fflush(nil)
    }
    await render()
  }

  /// The states of the plan's runs, as far as the store knows them.
  private func readStates() -> [RunID: RunState] {
    guard let sound, let records = try? store()?.records() else { return [:] }
    let known = sound.plan.runs.compactMap { run in
      records[run.id].map { (run.id, $0.state) }
    }
    return Dictionary(known, uniquingKeysWith: { $1 })
  }

  private func store() throws -> RunStore? {
    do {
      return try RunStore(home: surroundings.home.path)
    } catch StoreError.missing, StoreError.older {
      // Nothing was run yet, or not since this version of the program.
      return nil
    }
  }

  // MARK: The report

  private func render() async {
    guard let sound else { return }
    do {
      let document = try await sound.experiment.document(on: results(sound))
      var folder = ReportFolder.standard(for: sound.experiment.name)
      folder.reloadsEvery = reloadsEvery
      for fault in document.faults { Output.note("dept: \(fault)") }
      let outdated = folder.outdated(document)
      guard !outdated.isEmpty else { return }
      print("report: \(try folder.write(document)) (\(outdated.joined(separator: ", ")))")
      fflush(nil)
    } catch {
      Output.note("dept: \(Failure(error).description)")
    }
  }

  /// The runs of the newest sound plan, those that nothing is known of as waiting.
  private func results(_ sound: Sound) throws -> ResultSet {
    let name = sound.experiment.name
    let store = try store()
    // What the store has of this very plan, it knows best.
    if let stored = try? surroundings.results(of: name), !sound.plan.differs(from: stored) {
      var results = stored
      results.isStale = isBroken
      return results
    }
    let records = try store?.records() ?? [:]
    func frozen(_ run: ResolvedRun) throws -> FrozenRun {
      guard let store, records[run.id] != nil else {
        return FrozenRun(id: run.id, experiment: name, spec: run.spec, state: .queued)
      }
      var known = try store.run(run.id.rawValue)
      known.experiment = name
      return known
    }
    let listed = sound.plan.runs.filter { $0.search == nil }
    return ResultSet(
      experiment: name, runs: try listed.filter { !$0.isSource }.map(frozen),
      sources: try listed.filter(\.isSource).map { run in
        var source = try frozen(run)
        source.curves = [:]
        return source
      }, isStale: isBroken)
  }
}
