import Backbones
public import Datasets
import Tokenization

extension Trainer {
  /// The ids of an example, cut to this run's lengths.
  public func tokenized(_ example: Example) -> TokenizedExample {
    cut(
      TokenizedExample(
        source: backbone.sourceIDs(example.source), target: backbone.targetIDs(example.target)))
  }

  /// How many training examples have a source that is longer than this run reads.
  public var cutSourceCount: Int {
    tasks.reduce(0) { sum, task in
      sum
        + task[.train].indices.count { task.trainingSourceLength($0, backbone) > sourceLength }
    }
  }

  /// The ids of a task's training example, cut to this run's lengths.
  func trainingExample(_ place: Int, of task: TrainingTask) -> TokenizedExample {
    if let tokens = task.tokens { return cut(tokens[place]) }
    return tokenized(task[.train][place])
  }

  private func cut(_ whole: TokenizedExample) -> TokenizedExample {
    TokenizedExample(
      source: backbone.text.cut(
        sourceIDs: whole.source, to: sourceLength, schedule.truncation ?? .end),
      target: backbone.text.cut(targetIDs: whole.target, to: schedule.targetLength))
  }
}

extension TrainingTask {
  /// The number of ids of a training example's source, uncut.
  func trainingSourceLength(_ place: Int, _ backbone: LoadedBackbone) -> Int {
    tokens?.sourceLength(place) ?? backbone.sourceIDs(self[.train][place].source).count
  }
}
