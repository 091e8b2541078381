import Datasets
import Experiments
import Foundation
import RunStorage
import Scheduling
import ScriptRunner
import Training

/// A run that is to be carried out again, in a folder of its own, and what it takes.
struct Reproduction {
  let original: FrozenRun
  let surroundings: Surroundings
  /// What surrounded the original; `nil` where it was not recorded.
  let environment: RunEnvironment?
  /// The folder of the repetition.
  let folder: RunFolder
  private let scratch: String
  private let worker: WorkerCommand
  private let order: WorkOrder

  /// Finds everything that the run takes; nothing is run.
  ///
  /// - Throws: `Failure` where it cannot be equal, or something of it is not here any more.
  init(
    _ original: FrozenRun, in store: RunStore, _ surroundings: Surroundings
  ) async throws {
    try Self.checkComparable(original)
    let environment = try store.environment(of: original)
    try Self.checkInputs(of: original, environment, surroundings)
    self.original = original
    self.surroundings = surroundings
    self.environment = environment
    scratch =
      "\(surroundings.home.path)/reproduced/\(original.id.short)-"
      + "\(ProcessInfo.processInfo.processIdentifier)"
    folder = RunFolder(home: scratch, run: original.id)
    worker = try await Self.worker(for: original, environment, store, surroundings)
    let spec = original.spec
    let files = surroundings.fileDigests
    defer { files.save() }
    order = WorkOrder(
      id: original.id, spec: spec, attempt: 1, directory: folder.path,
      dataDirectory: surroundings.dataDirectory.path,
      backboneDirectory: try surroundings.backboneDirectory(spec.backbone),
      sourceAdapters: (original.provenance.sources ?? []).map { [scratch] source in
        RunFolder(home: scratch, run: source).adapter
      },
      tokens: surroundings.tokenPlace(files)(spec),
      threads: Self.threads(of: original, environment) ?? surroundings.threads)
  }

  /// The threads that the repetition has.
  var threads: Int { order.threads }

  /// Removes the folder of the repetition.
  func remove() { try? FileManager.default.removeItem(atPath: scratch) }

  /// Carries the run out.
  ///
  /// - Parameter reached: called with the step that it has reached.
  func carryOut(
    _ signals: StopSignals, reached: (Int) -> Void
  ) async throws -> Repetition {
    let files = FileManager.default
    do {
      try? files.removeItem(atPath: scratch)
      try files.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
      for source in original.provenance.sources ?? [] {
        let copy = RunFolder(home: scratch, run: source)
        try files.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        try files.copyItem(
          atPath: RunFolder(home: surroundings.home.path, run: source).adapter,
          toPath: copy.adapter)
      }
    } catch {
      throw Failure(
        .unavailable, "\(scratch) cannot be written: \(error.localizedDescription)")
    }
    return try await Repetition(order, worker, signals, reached: reached)
  }

  // MARK: What can be repeated

  private static func checkComparable(_ run: FrozenRun) throws {
    guard run.state == .succeeded else {
      throw Failure(
        .invalid,
        "run \(run.id.short) is \(run.state.rawValue): only one that has succeeded can be compared;"
          + " nothing was run")
    }
    let isTimed = run.spec.schedule.timing != nil
    if isTimed || run.spec.field("seconds") != nil {
      throw Failure(
        .invalid,
        "run \(run.id.short) \(isTimed ? "measures time" : "ends when its time is over"), which no "
          + "second run repeats bit for bit; nothing was run")
    }
  }

  private static func checkInputs(
    of run: FrozenRun, _ environment: RunEnvironment?, _ surroundings: Surroundings
  ) throws {
    let files = surroundings.fileDigests
    defer { files.save() }
    let digests = surroundings.planDigests(files)
    func check(_ subject: String, _ known: String, _ current: () throws -> String) throws {
      let now: String
      do {
        now = try current()
      } catch {
        let here = FileManager.default.currentDirectoryPath
        let folder = environment?.folder ?? here
        throw Failure(
          .missingInput,
          "\(subject) is not here: \(Failure(error).description)"
            + (folder == here ? "" : "; the run was planned in \(folder)"))
      }
      guard now == known else {
        throw Failure(
          .invalid,
          "\(subject) is not what run \(run.id.short) read: its digest was \(known.prefix(12)) and "
            + "is \(now.prefix(12)); nothing was run")
      }
    }
    let spec = run.spec
    try check("the data of '\(spec.dataset)'", run.provenance.dataDigest) {
      try digests.data(of: spec)
    }
    try check("the backbone '\(spec.backbone)'", run.provenance.backboneDigest) {
      try digests.backbone(spec.backbone)
    }
    for source in run.provenance.sources ?? [] {
      let adapter = RunFolder(home: surroundings.home.path, run: source).adapter
      guard FileManager.default.fileExists(atPath: adapter) else {
        throw Failure(
          .missingInput,
          "run \(run.id.short) starts from \(source.short), whose adapter is gone; reproduce or "
            + "repeat that one first")
      }
    }
  }

  /// `dept worker`, or the kept file of the experiment, compiled, where that declares the method.
  private static func worker(
    for run: FrozenRun, _ environment: RunEnvironment?, _ store: RunStore,
    _ surroundings: Surroundings
  ) async throws -> WorkerCommand {
    guard let code = run.spec.method.source else {
      return WorkerCommand(executable: Surroundings.executable, arguments: ["worker"])
    }
    guard let hash = run.provenance.experimentSource, let text = try store.provenanceText(hash)
    else {
      throw Failure(
        .missingInput,
        "the method '\(run.spec.method.name)' is declared in an experiment's file whose text the "
          + "store does not keep; nothing was run")
    }
    // At the same place every time, so that it is compiled once.
    let folder = "\(surroundings.cachesDirectory.path)/reproduce/\(hash.prefix(16))"
    let name = URL(filePath: environment?.experiment ?? "experiment.swift").lastPathComponent
    let path = "\(folder)/\(name)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure(.unavailable, "\(path) cannot be written: \(error.localizedDescription)")
    }
    let script: CompiledScript
    do {
      script = try await surroundings.scriptCompiler().compile(path)
    } catch {
      throw Failure(error, isVerbose: false)
    }
    guard script.source == code else {
      throw Failure(
        .invalid,
        "the experiment's file that the store keeps for run \(run.id.short) is not the one that "
          + "declared its method; nothing was run")
    }
    return WorkerCommand(executable: script.executable, arguments: script.workerArguments)
  }

  /// The threads that the original had, also where only the words about its machine tell.
  private static func threads(of run: FrozenRun, _ environment: RunEnvironment?) -> Int? {
    if let threads = environment?.threads, threads > 0 { return threads }
    return run.provenance.machine.firstMatch(of: /(\d+) threads?\b/).flatMap { Int($0.output.1) }
  }
}
