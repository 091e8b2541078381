import DeptTesting
import Experiments
import Foundation
import Testing

@Suite("A process that is killed while it writes its journal", .serialized)
struct JournalKillTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("loses nothing that it was told is there", arguments: 0..<12)
  func killed(number: Int) throws {
    let path = folder.path + "/attempt-1.journal"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: testWorker)
    process.arguments = ["append", path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    // Each point that was taken is a byte; the process is killed in the middle of one.
    let descriptor = output.fileHandleForReading.fileDescriptor
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var acknowledged = 0
    var isKilled = false
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      acknowledged += count
      if !isKilled, acknowledged > 300 * (number + 1) {
        kill(process.processIdentifier, SIGKILL)
        isKilled = true
      }
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    var reader = JournalReader(path: path)
    var found: [RunEvent] = []
    while true {
      let events = try reader.next()
      if events.isEmpty { break }
      found += events
    }
    // One more may have been written and not told.
    #expect(found.count == acknowledged || found.count == acknowledged + 1)
    #expect(
      found
        == (0..<found.count).map {
          .metric(MetricPoint(step: $0 + 1, name: "train/loss", value: 1 / Double($0 + 1)))
        })
    let journal = try Journal(path: path)
    try journal.append(.stopped(step: found.count))
    journal.close()
    #expect(try reader.next() == [.stopped(step: found.count)])
  }
}
