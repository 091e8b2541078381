import DeptTesting
import Experiments
import Foundation
import Testing

@testable import Scheduling

/// What is told of the log of a worker that has died.
@Suite struct LastWordsTests {
  private func words(_ log: String) throws -> String? {
    let home = try TemporaryFolder()
    let folder = RunFolder(home: home.path, run: RunID(rawValue: "abc"))
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try Data(log.utf8).write(to: URL(filePath: folder.log(attempt: 1)))
    return folder.lastWords(attempt: 1)
  }

  @Test("a trap is told by its sentence and by the experiment's own line, not by the library's")
  func trap() throws {
    let log = """
      *** Swift runtime failure: precondition failure ***
      4 [ra] 0x1 Primitive.apply(_:) in libDeptScript.so at Sources/A/B.swift:42:65
      6 [ra] 0x2 Own.adapt(_:into:) in Experiment_own at own.swift:12:20
      8 [ra] 0x3 main in Experiment_own at own.swift:1:1
      Backtrace took 1.21s
      """
    #expect(
      try words(log) == "*** Swift runtime failure: precondition failure ***, "
        + "at own.swift:12:20")
    #expect(try words("Fatal error: no step\nBacktrace took 1s") == "Fatal error: no step")
    #expect(try words("one\ntwo") == "two")
    #expect(try words("") == nil)
  }
}
