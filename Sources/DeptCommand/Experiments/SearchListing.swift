import Datasets
import Experiments
import Scheduling

/// A search as `dept plan` and `dept run` show it.
struct SearchListing: Encodable {
  /// For people: `lora on sst2 with nano`.
  let name: String
  /// Runs that compete, and how many of them have not ended.
  let candidates: Int
  let open: Int
  /// Configurations that they are runs of.
  let tried: Int
  /// Runs that the winner is carried out in.
  let replicates: Int
  /// `open`, `decided` or `failed`.
  let verdict: String
  /// Why no configuration can win.
  let problem: String?
  /// What tells the winner from the others.
  let winner: [String: JSONValue]?
  /// The winner's mean score, by the rule of the search.
  let score: Double?
  private let settings: [String]
  private let rule: SelectionRule

  init(_ group: SearchGroup) {
    name = group.name
    candidates = group.candidates.count
    tried = group.tried
    replicates = group.replicates
    rule = group.search.rule
    switch group.verdict {
    case .open(let left):
      (open, verdict, problem, winner, score, settings) = (left, "open", nil, nil, nil, [])
    case .failed(let reason):
      (open, verdict, problem, winner, score, settings) = (0, "failed", reason, nil, nil, [])
    case .decided(let found):
      let own = found.settings(among: group.candidates)
      (open, verdict, problem) = (0, "decided", nil)
      winner = Dictionary(own.map { ($0.name, $0.value) }) { first, _ in first }
      score = found.merit
      settings = own.map { "\($0.name) = \($0.value.plainText)" }
    }
  }

  private enum Key: String, CodingKey {
    case name, candidates, open, tried, replicates, verdict, problem, winner, score
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(candidates, forKey: .candidates)
    try container.encode(open, forKey: .open)
    try container.encode(tried, forKey: .tried)
    try container.encode(replicates, forKey: .replicates)
    try container.encode(verdict, forKey: .verdict)
    try container.encodeIfPresent(problem, forKey: .problem)
    try container.encodeIfPresent(winner, forKey: .winner)
    try container.encodeIfPresent(score, forKey: .score)
  }

  /// The winner in a line; `nil` where there is none yet.
  var line: String? {
    guard let score else { return nil }
    let found = settings.isEmpty ? "its only configuration" : settings.joined(separator: ", ")
    let metric = rule.metric.map { " \($0)" } ?? ""
    return "\(name): \(found), of \(tried) tried (\(rule.split.rawValue)\(metric) "
      + "\((100 * abs(score)).rounded(to: 1)))"
  }

  /// `12 to search, then 3 × 3 replicates of winners`: searches times runs of each winner.
  static func counts(_ searches: [SearchListing]) -> String {
    let sizes = Set(searches.map(\.replicates))
    let candidates = searches.map(\.candidates).reduce(0, +)
    let replicates =
      sizes.count == 1
      ? "\(searches.count) × \(sizes.first ?? 0)" : "\(searches.map(\.replicates).reduce(0, +))"
    return "\(candidates) to search, then \(replicates) replicates of "
      + (searches.count == 1 ? "the winner" : "winners")
  }
}
