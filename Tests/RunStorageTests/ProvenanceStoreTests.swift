import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing

@Suite("The provenance of runs")
struct ProvenanceStoreTests {
  @Test("is kept once by its content, and found by the run that names it")
  func kept() throws {
    let folder = try TemporaryFolder()
    let writer = try StoreWriter(home: folder.path, purpose: "test")
    var environment = RunEnvironment()
    environment.threads = 3
    environment.libraries = ["SQLite": "3"]
    environment.tree = RunEnvironment.WorkingTree(commit: "abc", patch: "p1")
    let record = ProvenanceRecord(
      environment: environment, key: "k1", texts: ["p1": Array("patch\0\u{ff}".utf8)])
    try writer.keep(record)
    try writer.keep(record)
    var run = enrolled(1)
    run.provenance.environment = "k1"
    run.provenance.patch = "p1"
    try writer.enrol([run, enrolled(2)], experiment: "e")
    let store = writer.store
    let runs = try store.frozenRuns(experiment: "e")
    #expect(try store.environment(of: runs[0]) == environment)
    #expect(try store.environment(of: runs[1]) == nil)
    #expect(try store.provenanceText("p1") == Array("patch\0\u{ff}".utf8))
    #expect(try store.provenanceText("p2") == nil)
    #expect(runs[0].provenance.patch == "p1")
  }

  @Test("of an older program is read without what it did not know")
  func older() throws {
    let text = """
      {"version":"0.1.0","machine":"m","dataDigest":"d","backboneDigest":"b","commit":"c",
       "startedAt":"","finishedAt":""}
      """
    let provenance = try JSONDecoder().decode(RunProvenance.self, from: Data(text.utf8))
    #expect(provenance.commit == "c")
    #expect(provenance.environment == nil && provenance.patch == nil)
  }
}
