/// A small training set: `count` examples of the many, drawn by a seed.
public struct FewShotSample: Hashable, Sendable {
  /// How examples are chosen.
  public enum Rule: String, Hashable, Sendable, Codable, CaseIterable {
    /// As evenly from the classes as they allow, as the DePT paper does.
    case balanced
    /// Any, whatever their class.
    case random
  }

  /// The number of examples.
  public var count: Int
  /// The seed of the draw: the run's.
  public var seed: Int
  /// How they are chosen.
  public var rule: Rule

  /// - Precondition: `count` is positive.
  public init(count: Int, seed: Int, rule: Rule = .balanced) {
    precondition(count > 0, "a few-shot sample needs at least one example")
    self.count = count
    self.seed = seed
    self.rule = rule
  }

  /// Draws the sample from a data set's training examples.
  ///
  /// The examples are shuffled as `torch.randperm` does. A random sample is the first `count` of
  /// them. A balanced one is taken in that order, from each class at most `count / classes`
  /// (rounded down) but the last example from any class, as in the paper's code; where that leaves
  /// some missing, they are the first that were passed over. (The paper's code shuffles with NumPy,
  /// and leaves them missing.) Fewer than `count` examples are all returned.
  public func draw(from examples: Examples, of dataset: any Dataset) -> Examples {
    let order = TorchPermutation.indices(
      examples.count, seed: UInt64(bitPattern: Int64(seed)))
    switch rule {
    case .random: return examples.selecting(order.prefix(count))
    case .balanced: return examples.selecting(balanced(order, classes(examples, dataset)))
    }
  }

  private func balanced(_ order: [Int], _ classes: (of: [UInt32], count: Int)) -> [Int] {
    let share = count / max(1, classes.count)
    var taken = [Int](repeating: 0, count: classes.count)
    var chosen: [Int] = []
    var others: [Int] = []
    for index in order where chosen.count < count {
      let own = Int(classes.of[index])
      if taken[own] < share || chosen.count == count - 1 {
        taken[own] += 1
        chosen.append(index)
      } else if others.count < count {
        others.append(index)
      }
    }
    return chosen + others.prefix(count - chosen.count)
  }

  /// A number for each example's class, and how many classes there are: only these are in memory.
  private func classes(
    _ examples: Examples, _ dataset: any Dataset
  ) -> (of: [UInt32], count: Int) {
    var numbers: [String: UInt32] = [:]
    let classes = examples.map { example in
      let name = dataset.fewShotClass(of: example)
      let number = numbers[name] ?? UInt32(numbers.count)
      numbers[name] = number
      return number
    }
    return (classes, numbers.count)
  }
}
