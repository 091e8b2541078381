extension SourceTask {
  /// Ways to ask for the task, from one word to many.
  ///
  /// Prompt tuning replaces an instruction by learnt vectors: a backbone that has seen
  /// instructions of many lengths can be steered by prompts of many lengths.
  var wordings: [String] {
    switch self {
    case .mood:
      ["mood", "is this good or bad", "say whether the speaker was pleased with it or not"]
    case .aspects:
      ["aspects", "what is good and what is bad", "list each thing and say whether it is good"]
    case .find: ["find", "is this in the text", "say whether what is asked for is in the text"]
    case .ask: ["ask", "answer the question", "say whether it is so when you read the text"]
    case .match: ["match", "are these the same", "say whether these two texts tell the same thing"]
    case .topic: ["topic", "what is this about", "say what the speaker of this text talks about"]
    case .count: ["count", "how many people are here", "say how many people there are in the text"]
    case .denied: ["denied", "is this denied", "say whether the text denies something"]
    case .tell: ["tell", "tell me who or what", "answer the question with words of the text"]
    case .kind: ["kind", "what kind of thing", "say what kind of thing there is in the text"]
    case .new: ["new", "what is new here", "say what is new in the last of these two texts"]
    case .plain: ["plain", "tell it in plain words", "say the same again in short and plain words"]
    }
  }

  /// Words without weight that may stand before an instruction.
  private static let fillers = [
    "please", "now", "read", "this", "text", "and", "then", "here", "is", "what", "you", "have",
    "to", "do", "with", "it", "first", "look", "at", "the", "words", "of", "one", "more", "well",
  ]

  /// An instruction in one of its wordings, after up to a dozen words without weight.
  func instruction(_ draws: inout Draws) -> String {
    let wording = draws.chance(50) ? wordings[0] : draws.pick(wordings)
    guard draws.chance(35) else { return wording }
    let lead = (0..<1 + draws.below(12)).map { _ in draws.pick(SourceTask.fillers) }
    return lead.joined(separator: " ") + ", " + wording
  }
}
