/// Takes the words out of a run of characters without white space.
struct CaptionScanner {
  private(set) var words: [String] = []
  private let text: [Unicode.Scalar]
  /// What follows the white space; `nil` at the end of the caption.
  private let following: Unicode.Scalar?
  private var place = 0

  init(_ text: [Unicode.Scalar], before following: Unicode.Scalar?) {
    self.text = text
    self.following = following
  }

  mutating func scan() {
    while place < text.count { takeToken() }
  }

  private mutating func takeToken() {
    let scalar = text[place]
    switch scalar {
    case "!", "?":
      // One is punctuation and left out; several are a token of their own.
      let end = endOfRun { $0 == "!" || $0 == "?" }
      if end - place > 1 { append(upTo: end) }
      place = end
    case "'": takeApostrophe()
    case ",", ";", ":", "\"", "`": place += 1
    case ".", "-", "+":
      let isSign = scalar == "." || place == 0 || !isWordlike(place - 1)
      if isSign, isDigit(place + 1) {
        takeWord()
      } else if scalar == "+" {
        takeSymbol("+")
      } else {
        place += 1
      }
    case "#", "@", "*", "_":
      let end = endOfRun { $0 == scalar }
      if end == place + 1, "#@".unicodeScalars.contains(scalar), isLetter(end) {
        takeWord()
      } else {
        append(upTo: end)
        place = end
      }
    default:
      if isWordlike(place) {
        takeWord()
      } else {
        takeSymbol(symbols[scalar] ?? String(scalar))
      }
    }
  }

  private mutating func takeSymbol(_ symbol: String) {
    words.append(symbol)
    place += 1
  }

  // MARK: Words

  /// A word, a number or a time, with what is joined to it.
  private mutating func takeWord() {
    var end = place + 1
    while end < text.count, isWordlike(end) || joins(end) { end += 1 }
    // "5:30pm" is two tokens.
    if let half = endOfTime(upTo: end) { end = half }
    if at(end) == ".", isAbbreviation(upTo: end) { end += 1 }
    let word = lowercased(place..<end)
    // "don't": the word ends before the n. The apostrophe has stopped the scan.
    if at(end) == "'", word.hasSuffix("n"), isAlone("t", end + 1) {
      if word.count > 1 { words.append(String(word.dropLast())) }
      words.append("n't")
      end += 2
    } else if let parts = splitWords[word] {
      words += parts
    } else if word == "y", at(end) == "'", isLetter(end + 1) {
      words.append("y'")
      end += 1
    } else {
      words.append(word)
    }
    place = end
  }

  /// Whether the character keeps the words around it together.
  private func joins(_ end: Int) -> Bool {
    guard isWordlike(end - 1), isWordlike(end + 1) else { return false }
    switch text[end] {
    case "-", "/", "_", "@": return true
    case ".": return isDigit(end - 1) == isDigit(end + 1)
    case ",", ":": return isDigit(end - 1) && isDigit(end + 1)
    case "&": return isCapital(end - 1) && isCapital(end + 1)
    case "'": return joinsByApostrophe(end)
    default: return false
    }
  }

  /// "o'clock", "d'art" and "ma'am" are one word each; "dog's", "don't" and "rock'n" are two.
  private func joinsByApostrophe(_ end: Int) -> Bool {
    guard isLetter(end - 1), isLetter(end + 1), clitic(end) == nil else { return false }
    if lowercased(end - 1..<end) == "n", isAlone("t", end + 1) { return false }
    if lowercased(end + 1..<end + 2) == "n", at(end + 2) == nil || at(end + 2) == "'" {
      return false
    }
    if end - place == 1 { return text[place] != "y" && text[place] != "Y" }
    return isVowel(end - 1) || isVowel(end + 1)
  }

  // MARK: Apostrophes

  private mutating func takeApostrophe() {
    if let end = clitic(place) {
      append(upTo: end)
      place = end
      return
    }
    let isClosing = place > 0 && isWordlike(place - 1)
    if isClosing, lowercased(place..<min(place + 2, text.count)) == "'n" {
      let end = place + (at(place + 2) == "'" ? 3 : 2)
      if end == text.count || at(end - 1) == "'" {
        append(upTo: end)
        place = end
        return
      }
    }
    if !isClosing {
      // "'90s", "'em"
      if isDigit(place + 1), isDigit(place + 2) { return takeWord() }
      let end = place + 1
      if isLetter(end) {
        let stop = endOfLetters(from: end)
        let word = lowercased(end..<stop)
        if leftOut.contains(word) {
          append(upTo: stop)
          place = stop
          return
        }
        if word == "tis" || word == "twas" {
          words += ["'t", String(word.dropFirst())]
          place = stop
          return
        }
      }
    }
    place += 1
  }

  /// The end of `'s`, `'d`, `'m`, `'ll`, `'re` or `'ve` where one starts here.
  private func clitic(_ start: Int) -> Int? {
    guard at(start) == "'", isLetter(start + 1) else { return nil }
    let stop = endOfLetters(from: start + 1)
    guard !isDigit(stop), clitics.contains(lowercased(start + 1..<stop)) else { return nil }
    return stop
  }

  private func isAlone(_ letter: Unicode.Scalar, _ start: Int) -> Bool {
    (at(start) == letter || at(start)?.properties.lowercaseMapping == String(letter))
      && !isWordlike(start + 1)
  }

  // MARK: Full stops and colons

  /// Whether the word from `place` to `end` owns the full stop that follows.
  private func isAbbreviation(upTo end: Int) -> Bool {
    guard !isWordlike(end + 1) else { return false }
    let word = lowercased(place..<end)
    // A letter at the end of the caption, and "I", end a sentence.
    if end - place == 1, following == nil && end + 1 == text.count || word == "i" { return false }
    if word == "no" { return following?.isDigit ?? false }
    // Letters with full stops between them: "u.s.", "a.m."
    let start = (place..<end).last { !isWordlike($0) && text[$0] != "." }.map { $0 + 1 } ?? place
    let parts = text[start..<end].split(separator: ".", omittingEmptySubsequences: false)
    if parts.allSatisfy({ $0.count == 1 && $0.allSatisfy(\.isLetter) }) {
      return true
    }
    return CaptionAbbreviations.contains(lowercased(start..<end))
  }

  /// Where "5:30" ends in "5:30pm".
  private func endOfTime(upTo end: Int) -> Int? {
    guard text[place..<end].contains(":") else { return nil }
    let half = text[place..<end].prefix { $0 == ":" || $0.isDigit }.endIndex
    let isTime = half < end && text[half..<end].allSatisfy { $0.isLetter || $0 == "." }
    return isTime ? half : nil
  }

  // MARK: Characters

  private func at(_ index: Int) -> Unicode.Scalar? {
    text.indices.contains(index) ? text[index] : nil
  }

  private func isLetter(_ index: Int) -> Bool { at(index)?.isLetter ?? false }

  private func isDigit(_ index: Int) -> Bool { at(index)?.isDigit ?? false }

  private func isCapital(_ index: Int) -> Bool { at(index)?.properties.isUppercase ?? false }

  private func isVowel(_ index: Int) -> Bool { at(index).map { vowels.contains($0) } ?? false }

  /// Letters with their marks, and digits.
  private func isWordlike(_ index: Int) -> Bool {
    guard let scalar = at(index) else { return false }
    return scalar.isLetter || scalar.isDigit
      || !scalar.isASCII && scalar.properties.generalCategory == .nonspacingMark
  }

  private func endOfLetters(from start: Int) -> Int {
    text[start...].firstIndex { !$0.isLetter } ?? text.endIndex
  }

  private func endOfRun(_ belongs: (Unicode.Scalar) -> Bool) -> Int {
    text[place...].firstIndex { !belongs($0) } ?? text.endIndex
  }

  private func lowercased(_ range: Range<Int>) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text[range])
    return String(scalars).lowercased()
  }

  private mutating func append(upTo end: Int) { words.append(lowercased(place..<end)) }
}

private let vowels = Set("aeiouAEIOU".unicodeScalars)
private let clitics: Set<String> = ["s", "d", "m", "ll", "re", "ve"]
private let leftOut: Set<String> = ["em", "n", "til", "cause"]
private let splitWords = [
  "cannot": ["can", "not"], "gonna": ["gon", "na"], "gotta": ["got", "ta"],
  "wanna": ["wan", "na"], "gimme": ["gim", "me"], "lemme": ["lem", "me"],
]
private let symbols: [Unicode.Scalar: String] = [
  "(": "-lrb-", ")": "-rrb-", "[": "-lsb-", "]": "-rsb-", "{": "-lcb-", "}": "-rcb-",
  "£": "#", "€": "$", "¢": "cents",
]

extension Unicode.Scalar {
  // ASCII is decided without a look into the Unicode tables: captions are hardly anything else.

  fileprivate var isLetter: Bool {
    isASCII ? ("a"..."z").contains(self) || ("A"..."Z").contains(self) : properties.isAlphabetic
  }

  fileprivate var isDigit: Bool {
    isASCII ? ("0"..."9").contains(self) : properties.generalCategory == .decimalNumber
  }
}
