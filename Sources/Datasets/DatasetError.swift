/// Why a data set cannot be used.
public enum DatasetError: Error, Hashable, Sendable {
  /// No data set has this name; `nearest` holds the most similar names, best first.
  case unknown(DatasetID, nearest: [DatasetID])
  /// A file of the data set is not on this machine.
  case notFetched(DatasetID, missing: String)
  /// A file given by its path does not exist.
  case missing(path: String)
  /// A file exists but cannot be read.
  case unreadable(path: String, reason: String)
  /// A line that is not what the format asks for; `column` counts bytes from 1.
  case malformed(path: String, line: Int, column: Int? = nil, field: String? = nil, String)
  /// A table without a column that is asked for; `found` are those it has.
  case missingColumn(path: String, name: String, found: String)
  /// A file without a single example.
  case empty(path: String)
  /// A wish that the data set cannot fulfil, in one sentence.
  case unusable(String)
  /// Too few examples to make the splits of.
  case tooFew(DatasetID, count: Int, needed: Int)
}

extension DatasetError {
  /// Whether something that should be read is not there, rather than wrong.
  public var isMissingInput: Bool {
    switch self {
    case .notFetched, .missing, .unreadable: true
    case .unknown, .malformed, .missingColumn, .empty, .unusable, .tooFew: false
    }
  }
}

extension DatasetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let id, let nearest) where nearest.isEmpty:
      "there is no data set '\(id)': 'dept datasets' lists them, and own data are a path to a "
        + ".jsonl, .csv or .tsv file or to a folder, such as ./\(id)"
    case .unknown(let id, let nearest):
      "there is no data set '\(id)'; did you mean \(alternatives(nearest.map(\.rawValue)))?"
    case .notFetched(let id, let missing):
      "the data set '\(id)' is not on this machine (\(missing) is missing): run: dept fetch \(id)"
    case .missing(let path):
      "\(path) does not exist: check the path"
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .malformed(let path, let line, let column, let field, let problem):
      "\(path):\(line)\(column.map { ":\($0)" } ?? ""): "
        + "\(field.map { "field '\($0)': " } ?? "")\(problem)"
    case .missingColumn(let path, let name, let found):
      "\(path):1: expected a column '\(name)', found only \(found)"
    case .empty(let path):
      "\(path) holds no example, and one is needed at least: add some, or fetch a whole copy with "
        + "'dept fetch NAME --again'"
    case .unusable(let problem):
      problem
    case .tooFew(let id, let count, let needed):
      "the data set '\(id)' has \(count) example\(count == 1 ? "" : "s"), but its splits need at "
        + "least \(needed): add examples"
    }
  }

  private func alternatives(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}
