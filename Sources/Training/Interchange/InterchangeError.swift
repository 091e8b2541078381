/// Why an adapter cannot be written or read in another program's form, or folded into its backbone;
/// each a sentence with its place and remedy.
public enum InterchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// PEFT has nothing that computes what the adapter does.
  case unwritable(method: String, reason: String)
  /// What is read belongs to another model, or does what no method here does.
  case unreadable(path: String, reason: String)
  /// The adapter does something that no weight of the backbone can stand for.
  case unmergeable(method: String, reason: String)

  public var description: String {
    switch self {
    case .unwritable(let method, let reason):
      "an adapter of '\(method)' cannot be written for PEFT: \(reason)"
    case .unreadable(let path, let reason):
      "\(path) cannot be read for this backbone: \(reason)"
    case .unmergeable(let method, let reason):
      "an adapter of '\(method)' cannot be folded into its backbone: \(reason)"
    }
  }
}
