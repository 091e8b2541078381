/// Issues in the order they are met, each once, and of many at one line the first few with a count.
struct IssueCollection {
  /// So many sentences are kept of one line: more say nothing new.
  static let mostPerLine = 20

  private var kept: [PlanIssue] = []
  private var known: Set<PlanIssue> = []
  private var counts: [SourceLocation?: Int] = [:]

  mutating func add(_ message: String, at location: SourceLocation?) {
    let issue = PlanIssue(message, at: location)
    // What is only counted is not remembered: a plan of a million mistakes fits in memory too.
    guard !known.contains(issue) else { return }
    let count = counts[location, default: 0] + 1
    counts[location] = count
    guard count <= Self.mostPerLine else { return }
    known.insert(issue)
    kept.append(issue)
  }

  /// What was added; of lines with too many, how many there are at the end.
  var issues: [PlanIssue] {
    let lines = kept.map(\.location).reduce(into: [SourceLocation?]()) { lines, line in
      if lines.last != line { lines.append(line) }
    }
    var met: Set<SourceLocation?> = []
    let surplus = lines.compactMap { line -> PlanIssue? in
      let count = counts[line, default: 0] - Self.mostPerLine
      guard count > 0, met.insert(line).inserted else { return nil }
      return PlanIssue(
        "\(count) more issue\(count == 1 ? "" : "s") like these; correct the first and plan again",
        at: line)
    }
    return kept + surplus
  }
}
