/// A target task of the generated suite: what the demonstration tunes a backbone for.
///
/// Labels are digits and balanced; texts and frames do not occur among the source tasks that the
/// shipped backbone was pretrained on (`PretrainingSuite`).
public enum GeneratedTask: String, CaseIterable, Hashable, Sendable {
  /// Is an opinion positive (`1`) or negative (`0`)?
  case sentiment = "gen-sentiment"
  /// Does the premise entail the hypothesis (`0`), leave it open (`1`) or contradict it (`2`)?
  case entailment = "gen-entailment"
  /// Do two sentences mean the same (`1`) or not (`0`)?
  case paraphrase = "gen-paraphrase"

  /// The answers, in the order of their digits.
  public var labels: [String] {
    switch self {
    case .sentiment, .paraphrase: ["0", "1"]
    case .entailment: ["0", "1", "2"]
    }
  }

  /// `count` examples of one split.
  ///
  /// A longer list starts with the shorter one's examples. No source text occurs twice, in one
  /// split or in two: each belongs to the split that its own digest names.
  /// - Parameters:
  ///   - count: at least 0.
  ///   - seed: another seed gives other examples of the same task.
  public func examples(_ split: Split, count: Int, seed: Int = 0) -> [Example] {
    items(split, count: count, seed: seed).map { item in
      Example(source: item.source, target: labels[item.meaning.label])
    }
  }

  /// The examples together with what their texts mean.
  func items(_ split: Split, count: Int, seed: Int) -> [Item] {
    var items: [Item] = []
    var seen: Set<String> = []
    var attempt = 0
    while items.count < count {
      var draws = Draws(seed: seed, stream: "\(rawValue)/\(split.rawValue)", index: attempt)
      attempt += 1
      // Labels come in shuffled rounds, so that every prefix of the list is balanced.
      var round = Draws(
        seed: seed, stream: "\(rawValue)/\(split.rawValue)/labels",
        index: items.count / labels.count)
      let label = round.shuffled(Array(labels.indices))[items.count % labels.count]
      let item = item(label: label, &draws)
      guard GeneratedTask.split(of: item.source) == split, seen.insert(item.source).inserted else {
        continue
      }
      items.append(item)
    }
    return items
  }

  /// The split that a source text belongs to: eight parts in ten train, one each of the others.
  static func split(of source: String) -> Split {
    switch Draws.digest(source) % 10 {
    case 0: .validation
    case 1: .test
    default: .train
    }
  }

  /// What an example's text means; its label follows from that alone.
  enum Meaning: Hashable, Sendable {
    case judgement(Opinion)
    case inference(premise: Event, hypothesis: Event)
    case pair(Event, Event)

    /// The gold rule.
    var label: Int {
      switch self {
      case .judgement(let opinion): opinion.isPositive ? 1 : 0
      case .inference(let premise, let hypothesis): premise.relation(to: hypothesis).rawValue
      case .pair(let first, let second): first.means(second) ? 1 : 0
      }
    }
  }

  /// A source text and its meaning.
  struct Item: Hashable, Sendable {
    var source: String
    var meaning: Meaning
  }
}
