/// Why records cannot be exchanged with another tracker.
public enum ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such file or folder.
  case missing(path: String)
  /// The system refuses to read or write it.
  case refused(path: String, action: String, reason: String)
  /// A file that would be written is there already.
  case exists(path: String)
  /// The file holds something else than it should.
  case foreign(path: String, wanted: String, remedy: String)
  /// The file is damaged at a byte.
  case damaged(path: String, byte: Int, problem: String)
  /// The database has an experiment of none of these names.
  case unknownExperiment(name: String, known: [String])
  /// Nothing fits what was asked for.
  case nothing(String)

  public var description: String {
    switch self {
    case .missing(let path):
      "there is no \(path); give the path of what is to be imported"
    case .refused(let path, let action, let reason):
      "\(path) cannot be \(action): \(reason)"
    case .exists(let path):
      "\(path) is there already; choose another --output, or replace it with --force"
    case .foreign(let path, let wanted, let remedy):
      "\(path) is no \(wanted); \(remedy)"
    case .damaged(let path, let byte, let problem):
      "\(path) is damaged at byte \(byte): \(problem); nothing of this run was imported"
    case .unknownExperiment(let name, let known):
      "the database has no experiment '\(name)'; it has "
        + (known.isEmpty ? "none" : known.map { "'\($0)'" }.joined(separator: ", "))
    case .nothing(let sentence):
      sentence
    }
  }
}
