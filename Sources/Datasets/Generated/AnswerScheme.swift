/// What the answers of a source task are called: in its own words, or as an example asks for.
///
/// Tuning gives the answers of a skill other names as well; a backbone that has met several names
/// for each can be steered to one.
enum AnswerScheme: String, CaseIterable, Sendable {
  case words, digits, colours, sides, ranks

  /// The shares of the schemes, in per cent.
  static let shares: [(scheme: AnswerScheme, percent: Int)] = [
    (.words, 40), (.digits, 24), (.colours, 12), (.sides, 12), (.ranks, 12),
  ]

  /// A scheme drawn by `shares`.
  init(_ draws: inout Draws) {
    var rest = draws.below(100)
    for (scheme, percent) in AnswerScheme.shares {
      if rest < percent {
        self = scheme
        return
      }
      rest -= percent
    }
    self = .words
  }

  /// What an instruction says of it: `in digits`; nothing for a task's own words.
  var wording: String? { self == .words ? nil : "in \(rawValue)" }

  /// The names of at most three answers.
  ///
  /// - Parameter usual: the task's own words for them.
  func names(_ usual: [String]) -> [String] {
    switch self {
    case .words: usual
    case .digits: ["0", "1", "2"]
    case .colours: ["red", "blue", "green"]
    case .sides: ["left", "right", "middle"]
    case .ranks: ["first", "second", "third"]
    }
  }
}
