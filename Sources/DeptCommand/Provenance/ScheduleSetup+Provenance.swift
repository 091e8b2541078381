import Experiments
import Foundation
import Scheduling
import ScriptRunner

extension ScheduleSetup {
  /// The largest experiment's file whose text is kept, in bytes.
  private static var largestSource: Int { 1 << 20 }

  /// Makes every new run remember this program, machine and working tree.
  ///
  /// - Parameter experiment: what is carried out, by the setup's number of threads.
  mutating func remember(_ experiment: LoadedExperiment, _ surroundings: Surroundings) {
    let digests = surroundings.fileDigests
    defer { digests.save() }
    var environment = RunEnvironment.here(surroundings, threads: threads, digests)
    var texts: [String: [UInt8]] = [:]
    environment.experiment = experiment.path
    let file = URL(filePath: experiment.path)
    if let script = experiment.script {
      environment.compiler = script.compiler
      environment.script = try? digests.digest(ofFile: script.executable)
      environment.scriptLibrary = try? digests.digest(ofFile: script.libraryPath)
      if let source = FileManager.default.contents(atPath: experiment.path),
        source.count <= Self.largestSource
      {
        let hash = ContentHash.of([UInt8](source))
        environment.source = hash
        texts[hash] = [UInt8](source)
      }
    }
    if let (tree, patch) = RunEnvironment.WorkingTree.around(file, digests) {
      environment.tree = tree
      if let hash = tree.patch { texts[hash] = patch }
    }
    provenance.version = environment.version
    provenance.machine = RunEnvironment.machine(threads: threads)
    provenance.engine = environment.engine
    provenance.commit = environment.tree?.shortCommit(file.lastPathComponent) ?? ""
    provenance.patch = environment.tree?.patch
    provenance.experimentSource = environment.source
    record = try? ProvenanceRecord(environment, texts: texts)
    provenance.environment = record?.key
  }
}
