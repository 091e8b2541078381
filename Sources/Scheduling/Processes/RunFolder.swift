public import Experiments
import Foundation

/// The files of one run: `home/runs/<first twelve digits>/`.
public struct RunFolder: Hashable, Sendable {
  public let path: String

  public init(home: String, run: RunID) { path = "\(home)/runs/\(run.short)" }

  public func journal(attempt: Int) -> String { "\(path)/attempt-\(attempt).journal" }
  public func log(attempt: Int) -> String { "\(path)/attempt-\(attempt).log" }
  public var order: String { "\(path)/order.json" }
  public var checkpoint: String { "\(path)/checkpoint.safetensors" }
  public var adapter: String { "\(path)/adapter.safetensors" }
  public var record: String { "\(path)/run.json" }

  /// The number of the newest attempt that left a journal here; 0 where none did.
  var newestAttempt: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      name.wholeMatch(of: /attempt-(\d+)\.journal/).flatMap { Int($0.output.1) }
    }.max() ?? 0
  }

  /// Makes the folder and writes down what is ordered.
  func prepare(_ order: WorkOrder) throws(ScheduleError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try write(order, to: self.order)
    } catch {
      throw .folder(path: path, reason: error.localizedDescription)
    }
  }

  /// Forgets where earlier attempts stopped, so that the next begins at the beginning.
  func forgetCheckpoint() {
    for file in [checkpoint, adapter, record] { try? FileManager.default.removeItem(atPath: file) }
  }

  /// Writes the record of a finished run, without its points, for people and other programs.
  func write(_ run: FrozenRun) throws {
    var record = run
    record.curves = [:]
    try write(record, to: self.record)
  }

  /// What the newest lines of an attempt's log say, on one line.
  func lastWords(attempt: Int) -> String? {
    guard let data = FileManager.default.contents(atPath: log(attempt: attempt)) else { return nil }
    let text = String(decoding: data.suffix(1 << 18), as: UTF8.self)
    let lines = text.split(separator: "\n")
    // A trap's own sentence comes before its backtrace, whose last line is how long it took.
    let reason =
      lines.first { $0.contains("Fatal error") }
      ?? lines.first { $0.contains("runtime failure") } ?? lines.last
    // The experiment's own line, where one was being carried out, is what a reader can change:
    // a frame ends with ` in MODULE at FILE:LINE:COLUMN`.
    let frame = lines.first { $0.contains(" in Experiment_") }
    let place = frame?.components(separatedBy: " at ").last.map { "at \($0)" }
    return reason.map { reason in
      ([String(reason)] + (place.map { [$0] } ?? [])).map { $0.prefix(200) }
        .joined(separator: ", ")
    }
  }

  private func write(_ value: some Encodable, to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // Whole or not at all, but not waited for: both files can be made again from the store.
    let part = "\(file).part"
    try encoder.encode(value).write(to: URL(fileURLWithPath: part))
    guard rename(part, file) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
