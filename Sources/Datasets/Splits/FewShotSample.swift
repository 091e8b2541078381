/// A small training set: `count` examples, as evenly from the classes as they allow.
public struct FewShotSample: Hashable, Sendable {
  /// The number of examples.
  public var count: Int
  /// The seed of the draw: the run's.
  public var seed: Int

  /// - Precondition: `count` is positive.
  public init(count: Int, seed: Int) {
    precondition(count > 0, "a few-shot sample needs at least one example")
    self.count = count
    self.seed = seed
  }

  /// Draws the sample from a data set's training examples.
  ///
  /// As in the DePT paper's code: the examples are shuffled, then taken in that order, from each
  /// class at most `count / classes` (rounded down); what is still missing comes from any class.
  /// Fewer than `count` examples are all returned.
  public func draw(from examples: Examples, of dataset: any Dataset) -> Examples {
    let order = TorchPermutation.indices(
      examples.count, seed: UInt64(bitPattern: Int64(seed)))
    let classes = examples.map { dataset.fewShotClass(of: $0) }
    let share = count / max(1, Set(classes).count)
    var taken: [String: Int] = [:]
    var chosen: [Int] = []
    var others: [Int] = []
    for index in order {
      if taken[classes[index], default: 0] < share {
        taken[classes[index], default: 0] += 1
        chosen.append(index)
      } else {
        others.append(index)
      }
    }
    return examples.selecting(chosen + others.prefix(max(0, count - chosen.count)))
  }
}
