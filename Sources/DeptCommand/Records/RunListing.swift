import Experiments
import RunStorage

/// A run as `dept runs list` shows it: the keys of its JSON are a promise.
///
/// The JSON is put together from the texts of the store, which are JSON already: ten thousand runs
/// are printed in a few hundredths of a second.
struct RunListing {
  let run: ListedRun

  /// The columns of the usual table.
  static let columns = [
    "id", "experiment", "state", "backbone", "method", "dataset", "seed", "hyperparameters",
    "validation", "test", "parameters", "seconds",
  ]

  /// The cells of the usual table.
  var cells: [String] {
    [
      run.id.short, run.experiment, run.state.rawValue, run.backbone, run.method, run.dataset,
      String(run.seed), hyperparameters, scores("validation"), scores("test"),
      run.parameters > 0 ? String(run.parameters) : "",
      run.summary.map { Self.rounded($0.seconds) } ?? "",
    ]
  }

  /// The cell of a column: one of the usual table, or any field of the run.
  func cell(_ name: String) -> String {
    switch name {
    case "id": run.id.short
    case "hyperparameters": hyperparameters
    case "validation", "test": scores(name)
    case "parameters": run.parameters > 0 ? String(run.parameters) : ""
    case "seconds": run.summary.map { Self.rounded($0.seconds) } ?? ""
    case "tag", "tags": run.tags.joined(separator: " ")
    default:
      switch run.field(name) {
      case nil: ""
      case .number(let value)? where name.contains(".") || name.hasSuffix(")"):
        Self.rounded(value)
      case let value?: value.plainText
      }
    }
  }

  /// One JSON object, on one line.
  ///
  /// - Parameter shown: the fields it has, by their names; `nil`: those of the contract.
  func json(_ shown: [String]?) -> String {
    guard let shown else { return json }
    let members = shown.map { name -> (String, String) in
      switch name {
      case "hyperparameters": (name, run.hyperparameters.text)
      case "validation", "test": (name, run.summary?.scores[name]?.text ?? "{}")
      default: (name, run.field(name).map(Self.text) ?? "null")
      }
    }
    return Self.object(members)
  }

  private var json: String {
    let none = "{}"
    var members: [(String, String)] = [
      ("backbone", Self.quoted(run.backbone)), ("dataset", Self.quoted(run.dataset)),
      ("experiment", Self.quoted(run.experiment)), ("hyperparameters", run.hyperparameters.text),
      ("id", Self.quoted(run.id.rawValue)), ("method", Self.quoted(run.method)),
      ("parameters", String(run.parameters)),
      ("peak_bytes", run.summary.map { String($0.peakBytes) } ?? "null"),
      (
        "scores",
        Self.object([
          ("test", run.summary?.scores["test"]?.text ?? none),
          ("validation", run.summary?.scores["validation"]?.text ?? none),
        ])
      ),
      ("seconds", run.summary.map { Self.text(.number($0.seconds)) } ?? "null"),
      ("seed", String(run.seed)), ("state", Self.quoted(run.state.rawValue)),
    ]
    // Only of runs that have them: scores are then `sst2/accuracy` for each task, and `mean`.
    if let datasets = run.spec["datasets"], case .array(let names)? = datasets.value {
      members += [("datasets", datasets.text), ("tasks", String(names.count))]
    }
    if let preparation = run.spec["preparation"] {
      members.append(("preparation", preparation.text))
    }
    if let sources = run.sources { members.append(("sources", sources.text)) }
    return Self.object(members)
  }

  /// A JSON array of objects, one a line.
  static func document(_ objects: [String]) -> String {
    objects.isEmpty ? "[]\n" : "[\n  " + objects.joined(separator: ",\n  ") + "\n]\n"
  }

  /// What the method is set to, and its rates, which vary more often than anything else.
  private var hyperparameters: String {
    let rates = ["learningRate", "lowRankLearningRate"].compactMap { name in
      run.spec["schedule", name].map { "\(name)=\($0.text)" }
    }
    let own = Self.pairs(run.spec.members(at: "method", "hyperparameters"), \.plainText)
    return (own.isEmpty ? rates : rates + [own]).joined(separator: " ")
  }

  private func scores(_ split: String) -> String {
    Self.pairs(run.summary?.scores.members(at: split) ?? []) {
      $0.scalar.map(Self.rounded) ?? $0.plainText
    }
  }

  /// `name=value name=value`, by name.
  private static func pairs(
    _ members: [(name: String, value: JSONValue)], _ shown: (JSONValue) -> String
  ) -> String {
    var text = ""
    for (name, value) in members.sorted(by: { $0.name < $1.name }) {
      if !text.isEmpty { text += " " }
      text += name
      text += "="
      text += shown(value)
    }
    return text
  }

  private static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).canonical }

  private static func text(_ value: JSONValue) -> String {
    guard case .number(let number) = value, !number.isFinite else { return value.canonical }
    return number.isNaN ? "\"nan\"" : number < 0 ? "\"-inf\"" : "\"inf\""
  }

  /// A number with four decimals at most.
  static func rounded(_ value: Double) -> String {
    guard value.isFinite else { return String(value) }
    let units = (value * 10_000).rounded()
    // Beyond, a number has no decimals that are worth a column.
    guard abs(units) < 1e15 else { return String(value) }
    let whole = Int(abs(units))
    var text = units < 0 ? "-" : ""
    text += String(whole / 10_000)
    var decimals = whole % 10_000
    guard decimals > 0 else { return text }
    text += "."
    var place = 1_000
    while decimals > 0 {
      text += String(decimals / place)
      decimals %= place
      place /= 10
    }
    return text
  }
}
