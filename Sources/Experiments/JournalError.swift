/// Why a journal could not be written or read.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file could not be opened, written, cut or read; `reason` is the system's.
  case file(path: String, action: String, reason: String)
  /// The disk is full: the line was not recorded.
  case full(path: String)
  /// A complete line is no event.
  case malformed(path: String, byte: Int, text: String)

  public var description: String {
    switch self {
    case .file(let path, let action, let reason):
      "cannot \(action) the journal \(path): \(reason)"
    case .full(let path):
      "no space is left to record events in \(path); free some and start again to go on"
    case .malformed(let path, let byte, let text):
      "the journal \(path) holds no event at byte \(byte) (“\(text)”); delete the run to repeat it"
    }
  }
}
