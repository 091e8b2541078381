/// Why a training run cannot go on; each a sentence with its place and remedy.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The loss or the gradient became NaN or infinite; steps count from 1.
  case diverged(step: Int, quantity: String, value: String, learningRate: Double)
  /// There is nothing to train on.
  case noExamples
  /// Answers are to be chosen among labels, and there are none.
  case noLabels
  /// Two labels are the same ids in the backbone's vocabulary.
  case indistinctLabels(String, String)
  /// The method cannot have these hyperparameters.
  case impossibleMethod(issues: [String])
  /// What is said of the run does not fit the number of its steps, or what there is to judge.
  case impossibleSchedule(issues: [String])
  /// The method trains nothing on this backbone.
  case nothingToTrain(method: String)
  /// An example has more rows than the backbone numbers positions.
  case tooLong(source: Int, prompt: Int, target: Int, longest: Int)
  /// A checkpoint belongs to another run.
  case foreignCheckpoint(path: String)
  /// A checkpoint lacks what it must hold.
  case malformedCheckpoint(path: String, reason: String)
  /// A method is to start from another number of adapters than it can.
  case wrongSourceCount(method: String, wanted: ClosedRange<Int>, found: Int)
  /// An adapter file does not hold what the method trains.
  case adapterMismatch(path: String, reason: String)

  public var description: String {
    switch self {
    case .diverged(let step, let quantity, let value, let rate):
      "The \(quantity) became \(value) at step \(step); try a learning rate below \(rate), more"
        + " warm-up steps, or a smaller clipping norm."
    case .noExamples:
      "There are no training examples; the training split is empty."
    case .noLabels:
      "There are no labels to choose among: the answers are free text; let the model write them"
        + " (generation), or name the labels."
    case .indistinctLabels(let a, let b):
      "The labels '\(a)' and '\(b)' are the same to this backbone's vocabulary; choose words that"
        + " it can spell."
    case .impossibleMethod(let issues), .impossibleSchedule(let issues):
      issues.joined(separator: "; ") + "."
    case .nothingToTrain(let method):
      "'\(method)' trains nothing on this backbone; its targets match none of its sites."
    case .tooLong(let source, let prompt, let target, let longest):
      "A source of \(source) tokens\(prompt > 0 ? ", \(prompt) rows before it" : "") and a target"
        + " of up to \(target) tokens do not fit the \(longest) positions of this backbone; set a"
        + " shorter sourceLength or targetLength\(prompt > 0 ? ", or a shorter prompt" : "")."
    case .foreignCheckpoint(let path):
      "\(path) belongs to another run; delete it, or choose another output folder."
    case .malformedCheckpoint(let path, let reason):
      "\(path) is not a training checkpoint: \(reason); delete it to start again."
    case .wrongSourceCount(let method, let wanted, let found):
      wanted.upperBound == 0
        ? "'\(method)' starts from the values of one adapter, and \(found) are given; leave one."
        : "'\(method)' starts from \(Self.words(for: wanted)), and \(found) are given; name them"
          + " with --source, or list their runs in .after(Run(…))."
    case .adapterMismatch(let path, let reason):
      "\(path) does not fit the method: \(reason)."
    }
  }

  /// `1 adapter`, `1 to 64 adapters`.
  private static func words(for range: ClosedRange<Int>) -> String {
    let isOne = range == 1...1
    let count =
      range.lowerBound == range.upperBound
      ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    return "\(count) adapter\(isOne ? "" : "s")"
  }
}
