/// What the shipped backbone is pretrained on: source tasks, and plain text for span corruption.
///
/// Everything is a function of a seed and an index, so that nothing has to be stored.
public struct PretrainingSuite: Sendable {
  public var seed: Int

  public init(seed: Int = 0) { self.seed = seed }

  /// The shares of the source tasks, in per cent.
  public static let shares: [(task: SourceTask, percent: Int)] = [
    (.mood, 16), (.aspects, 10), (.find, 8), (.ask, 14), (.match, 18), (.topic, 2), (.count, 2),
    (.denied, 3), (.tell, 6), (.kind, 3), (.new, 13), (.plain, 5),
  ]

  /// One supervised example; its task is drawn by `shares`.
  public func example(at index: Int) -> Example {
    var draws = Draws(seed: seed, stream: "pretraining/task", index: index)
    var rest = draws.below(100)
    for (task, percent) in PretrainingSuite.shares {
      if rest < percent { return task.example(&draws) }
      rest -= percent
    }
    return SourceTask.plain.example(&draws)
  }

  /// `count` examples of one task that no step of a pretraining sees.
  public func heldOut(_ task: SourceTask, count: Int) -> [Example] {
    (0..<count).map { index in
      var draws = Draws(seed: seed, stream: "pretraining/held out/\(task.rawValue)", index: index)
      return task.example(&draws)
    }
  }

  /// One line of text: a few sentences with some of the same people and things in them.
  public func text(at index: Int) -> String {
    var draws = Draws(seed: seed, stream: "pretraining/text", index: index)
    return (0..<2 + draws.below(3)).reduce(into: [Story(&draws)]) { story, _ in
      story.append(story[story.count - 1].continued(&draws))
    }
    .map(\.sentence).joined(separator: ". ") + "."
  }

  /// `count` lines to learn a vocabulary from, in which every word of the suite is frequent.
  ///
  /// Each word also occurs alone, followed by each of several marks: libsentencepiece takes as a
  /// candidate piece only what occurs in two different words, and `hammer,` and `hammer.` are two.
  public func vocabularyLines(count: Int) -> [String] {
    var lines: [String] = []
    var words: Set<String> = []
    for index in 0..<count {
      let example = example(at: index)
      lines += [example.source, example.target, text(at: index)]
    }
    for task in GeneratedTask.allCases {
      lines += task.examples(.train, count: count / 10, seed: seed).map(\.source)
    }
    for line in lines {
      for word in line.split(separator: " ") {
        let bare = word.trimmingSuffix { ".,?:".contains($0) }
        words.insert(String(bare))
      }
    }
    for word in words.union(Lexicon.digits).sorted() {
      for mark in ["", ".", ",", "?", ":"] {
        lines.append(Array(repeating: word + mark, count: 8).joined(separator: " "))
      }
    }
    return lines
  }
}

extension Substring {
  /// The text without the characters at its end that `isTrimmed` names.
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
    var rest = self
    while let last = rest.last, isTrimmed(last) { rest.removeLast() }
    return rest
  }
}
