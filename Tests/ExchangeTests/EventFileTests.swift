import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing
import Training

@testable import Exchange

@Suite struct EventFileTests {
  @Test("checksums are those of RFC 3720")
  func checksums() {
    let zeros = [UInt8](repeating: 0, count: 32)
    #expect(zeros.withUnsafeBytes(Checksum.crc32c) == 0x8a91_36aa)
    let rising = (0..<32).map { UInt8($0) }
    #expect(rising.withUnsafeBytes(Checksum.crc32c) == 0x46dd_794e)
    #expect(Array("123456789".utf8).withUnsafeBytes(Checksum.crc32c) == 0xe306_9283)
  }

  @Test("a file that TensorBoard's own library wrote is read value for value")
  func golden() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/logs/a run", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Golden.events, toPath: "\(folder.path)/logs/a run/events.out.tfevents.1.host")
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    let logs = "\(folder.path)/logs"
    let first = try TensorBoardImport(logs).importRuns(into: writer)
    #expect(first.added == 1 && first.remarks == [])
    let run = try writer.store.run("a run")
    #expect(run.experiment == "logs")
    #expect(run.state == .succeeded)
    #expect(run.spec.backbone == "t5-small")
    #expect(
      run.spec.method.hyperparameters
        == ["lr": .number(0.25), "model": .string("t5-small"), "frozen": .bool(true)])
    #expect(run.spec.schedule.learningRate == 0.25)
    #expect(
      points(run) == [
        "train/loss": (1...5).map { "\($0) \(Double(Float(2) / Float($0)))" } + ["6 nan"],
        "eval accuracy": (1...5).map { "\($0) \(Double($0) / 8)" } + ["6 inf"],
        "test/accuracy": ["6 0.75"],
      ])
    #expect(run.summary?.scores[.test] == ["accuracy": 0.75])
    #expect(run.summary?.seconds == 60)
    #expect(run.provenance.startedAt == "2023-11-14T22:13:20.000Z")

    let second = try TensorBoardImport(logs).importRuns(into: writer)
    #expect(second.known == 1 && second.added == 0 && second.renewed == 0)
    #expect(
      try writer.store.run("a run") == run || run.curves["train/loss"]?.last?.value.isNaN == true)
  }

  @Test("what is exported is read back as it was, in single precision")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let ours = try exampleHome(folder)
    let logs = "\(folder.path)/logs"
    _ = try RunExport("odd names/1", of: ours.store, to: logs).write(as: .tensorboard)
    let other = try TemporaryFolder()
    let writer = try StoreWriter(home: other.path, purpose: "a test")
    let summary = try TensorBoardImport(logs, experiment: "copy").importRuns(into: writer)
    #expect(summary.added == 2)
    let copies = try writer.store.frozenRuns(experiment: "copy")
    for original in try ours.store.frozenRuns(experiment: "odd names/1") {
      let copy = try #require(copies.first { $0.spec.seed == original.spec.seed })
      #expect(copy.state == original.state)
      #expect(copy.spec.method.name == "dept")
      #expect(copy.spec.method.hyperparameters["rank"] == .integer(45))
      #expect(copy.spec.method.hyperparameters["long"] == .string(longText))
      #expect(copy.summary?.scores == original.summary?.scores)
      #expect(
        points(copy)
          == original.curves.mapValues { $0.map { "\($0.step) \(Double(Float($0.value)))" } })
    }
  }

  @Test("a file that grows brings its run up to date; one that was cut is read as far as it goes")
  func growing() throws {
    let folder = try TemporaryFolder()
    let logs = "\(folder.path)/logs"
    try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
    let whole = try Data(contentsOf: URL(filePath: Golden.events))
    let file = URL(filePath: "\(logs)/events.out.tfevents.1")
    try whole.prefix(420).write(to: file)
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    let first = try TensorBoardImport(logs).importRuns(into: writer)
    #expect(first.added == 1)
    #expect(first.remarks.count == 1)
    #expect(first.remarks.first?.contains("ends within a record") == true)
    let before = try writer.store.run("logs")
    #expect(before.curves["train/loss"]?.count == 3)
    try writer.add([.note("mine", on: .run(before.id))])
    try whole.write(to: file)
    #expect(try TensorBoardImport(logs).importRuns(into: writer).renewed == 1)
    let after = try writer.store.run("logs")
    #expect(after.id == before.id)
    #expect(after.curves["train/loss"]?.count == 6)
    #expect(try writer.store.notes(on: .run(after.id)).map(\.text) == ["mine"])
  }

  @Test("a changed byte is found wherever it is, and nothing of the run is left")
  func damage() throws {
    let whole = [UInt8](try Data(contentsOf: URL(filePath: Golden.events)))
    let folder = try TemporaryFolder()
    let logs = "\(folder.path)/logs"
    try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    for byte in stride(from: 0, to: whole.count, by: 13) {
      var bytes = whole
      bytes[byte] ^= 0x10
      try Data(bytes).write(to: URL(filePath: "\(logs)/events.out.tfevents.1"))
      do {
        _ = try TensorBoardImport(logs).importRuns(into: writer)
        Issue.record("the change of byte \(byte) was not noticed")
      } catch let error as ExchangeError {
        guard case .damaged(_, let place, _) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(place <= byte)
        #expect(error.description.contains("is damaged at byte \(place)"))
      }
    }
    #expect(try writer.store.experiments() == [])
  }

  @Test("hyperparameters in a folder named for a time belong to the run around it")
  func hyperparameterFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "logs/a/events.out.tfevents.1")
    try folder.write("", to: "logs/a/1700000000.5/events.out.tfevents.2")
    try folder.write("", to: "logs/b/0.5/events.out.tfevents.3")
    let found = try EventFolder.all(in: "\(folder.path)/logs")
    #expect(found.map(\.name) == ["a", "b/0.5"])
    #expect(found[0].files.count == 2)
  }

  @Test("a folder without event files is none of TensorBoard's")
  func foreign() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "logs/notes.txt")
    #expect(throws: ExchangeError.self) { try TensorBoardImport("\(folder.path)/logs") }
    #expect(throws: ExchangeError.missing(path: "\(folder.path)/none")) {
      try TensorBoardImport("\(folder.path)/none")
    }
    try folder.write("no events at all", to: "logs/events.out.tfevents.1")
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    #expect(throws: ExchangeError.self) {
      try TensorBoardImport("\(folder.path)/logs").importRuns(into: writer)
    }
  }
}
