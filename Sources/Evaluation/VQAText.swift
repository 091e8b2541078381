/// An answer as VQA v2's evaluation sees it: lower case, without punctuation and English articles,
/// numbers up to ten as digits, contractions with their apostrophes.
struct VQAText {
  let normalized: String

  init(_ text: String) {
    normalized = VQAText.withoutPunctuation(text).lowercased().split(whereSeparator: \.isWhitespace)
      .map { word in digits[String(word)] ?? String(word) }
      .filter { !articles.contains($0) }
      .map { VQAContractions.spelling[$0] ?? $0 }
      .joined(separator: " ")
  }

  /// The answer on one line, without white space around it.
  static func tidied(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      line.append(scalar == "\n" || scalar == "\t" ? " " : scalar)
    }
    return String(line).trimmingWhitespace
  }

  /// A mark leaves nothing behind where any such mark stands beside a space, or where the text has
  /// a comma between digits; else a space. Then full stops go, unless a digit follows.
  private static func withoutPunctuation(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    func isDigit(_ place: Int) -> Bool {
      scalars.indices.contains(place)
        && scalars[place].properties.generalCategory == .decimalNumber
    }
    func isSpace(_ place: Int) -> Bool { scalars.indices.contains(place) && scalars[place] == " " }
    let hasThousands = scalars.indices.contains {
      scalars[$0] == "," && isDigit($0 - 1) && isDigit($0 + 1)
    }
    let besideSpace = Set(
      scalars.indices.filter { isSpace($0 - 1) || isSpace($0 + 1) }.map { scalars[$0] })
    var kept: [Unicode.Scalar] = []
    for scalar in scalars {
      if !marks.contains(scalar) {
        kept.append(scalar)
      } else if !hasThousands, !besideSpace.contains(scalar) {
        kept.append(" ")
      }
    }
    var result = String.UnicodeScalarView()
    for (place, scalar) in kept.enumerated() {
      let next = place + 1 < kept.count ? kept[place + 1] : " "
      if scalar != "." || next.properties.generalCategory == .decimalNumber {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

private let marks = Set(";/[]\"{}()=+\\_-><@`,?!".unicodeScalars)
private let articles: Set<String> = ["a", "an", "the"]
private let digits = [
  "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
  "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
]
