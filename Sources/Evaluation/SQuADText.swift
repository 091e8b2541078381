/// A text as the SQuAD metrics see it: lower case, no ASCII punctuation, no English articles, words
/// separated by single spaces.
struct SQuADText {
  let words: [String]

  init(_ text: String) {
    var scalars = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars where !scalar.isASCIIPunctuation {
      scalars.append(scalar)
    }
    words = SQuADText.withoutArticles(scalars)
  }

  var normalized: String { words.joined(separator: " ") }

  /// The harmonic mean of precision and recall of the words, counted with multiplicity.
  func f1(with reference: SQuADText) -> Double {
    var remaining: [String: Int] = [:]
    for word in reference.words { remaining[word, default: 0] += 1 }
    var same = 0
    for word in words {
      if let count = remaining[word], count > 0 {
        remaining[word] = count - 1
        same += 1
      }
    }
    guard same > 0 else { return 0 }
    let precision = Double(same) / Double(words.count)
    let recall = Double(same) / Double(reference.words.count)
    return 2 * precision * recall / (precision + recall)
  }

  /// An article is a maximal run of letters and digits that spells one, also inside a longer token
  /// ("the–end" keeps "–end"); it leaves a space behind.
  private static func withoutArticles(_ scalars: String.UnicodeScalarView) -> [String] {
    var words: [String] = []
    var word = ""
    var run = ""
    func endRun() {
      if articles.contains(run) { endWord() } else { word += run }
      run = ""
    }
    func endWord() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for scalar in scalars {
      if scalar.isLetterOrNumber {
        run.unicodeScalars.append(scalar)
        continue
      }
      endRun()
      if scalar.isTextSeparator { endWord() } else { word.unicodeScalars.append(scalar) }
    }
    endRun()
    endWord()
    return words
  }

  private static let articles: Set<String> = ["a", "an", "the"]
}

extension Unicode.Scalar {
  fileprivate var isASCIIPunctuation: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  fileprivate var isLetterOrNumber: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }

  /// White space, and the four ASCII separators that count as such in the reference scorer.
  fileprivate var isTextSeparator: Bool {
    properties.isWhitespace || (0x1C...0x1F).contains(value)
  }
}
