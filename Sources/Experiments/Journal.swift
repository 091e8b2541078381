/// The record an attempt leaves of itself: a file of events, one JSON object a line.
///
/// A line is written straight into the mapped file: once `append` has returned, it belongs to the
/// system and survives the death of this process. After the last line lie zeros that are reserved
/// for the next ones, and are cut off when the journal is closed: a line holds no zero, so one that
/// holds any is not whole yet. A class because it owns the file; one thread appends at a time.
public final class Journal {
  /// Where the file lies.
  public let path: String
  private let file: JournalFile

  /// Opens the file for appending, creates it where it is missing, and removes a torn last line
  /// and whatever lies behind it.
  public init(path: String) throws(JournalError) {
    self.path = path
    file = try JournalFile(path: path)
  }

  deinit { file.finish() }

  /// Records one event; once this returns, it survives `kill -9` of this process.
  public func append(_ event: RunEvent) throws(JournalError) {
    if case .metric(let point) = event {
      let room = try file.room(for: JournalLine.longestPoint + point.name.utf8.count)
      let count = JournalLine.write(point, to: room)
      if count > 0 { return try file.accept(count) }
    }
    let line: [UInt8]
    do {
      line = try JournalLine.bytes(of: event)
    } catch {
      throw .file(path: path, action: "encode an event of", reason: "\(error)")
    }
    let room = try file.room(for: line.count)
    _ = room.update(fromContentsOf: line)
    try file.accept(line.count)
  }

  /// Waits until everything is on the disk itself, so that it survives loss of power too.
  public func synchronize() { file.synchronize() }

  /// Gives back the space that was reserved for more, which also happens when the journal is let
  /// go; nothing can be appended afterwards.
  public func close() { file.finish() }

  /// Gives back the space that an attempt had reserved which was killed before it could close its
  /// journal; nothing happens where the file is missing, or somebody still writes to it.
  public static func trim(path: String) { JournalFile.trim(path: path) }
}
