/// Cuts the text of a `RunFilter` into words, quoted texts and symbols.
enum RunFilterLexer {
  enum Token: Hashable {
    case word(String)
    case quoted(String)
    case symbol(String)
  }

  /// A token, and the column it begins in, from 1.
  struct Place: Hashable {
    var token: Token
    var column: Int
  }

  private static let symbols = "=!<>~(),&|"
  private static let pairs: Set<String> = ["==", "!=", "<=", ">=", "&&", "||", "~="]

  static func tokens(of text: String) throws(RunFilterError) -> [Place] {
    let characters = Array(text)
    var tokens: [Place] = []
    var position = 0
    while position < characters.count {
      let character = characters[position]
      let start = position
      if character.isWhitespace {
        position += 1
      } else if character == "\"" || character == "'" {
        position += 1
        while position < characters.count, characters[position] != character { position += 1 }
        guard position < characters.count else { throw .unterminated(column: start + 1) }
        tokens.append(
          Place(token: .quoted(String(characters[start + 1..<position])), column: start + 1))
        position += 1
      } else if symbols.contains(character) {
        let pair = String(characters[position..<min(position + 2, characters.count)])
        let symbol = pairs.contains(pair) ? pair : String(character)
        position += symbol.count
        tokens.append(Place(token: .symbol(symbol), column: start + 1))
      } else {
        while position < characters.count, belongs(characters, position, to: start) {
          position += 1
        }
        tokens.append(Place(token: .word(String(characters[start..<position])), column: start + 1))
      }
    }
    return tokens
  }

  /// Whether the character at `position` goes on with the word that began at `start`.
  private static func belongs(_ characters: [Character], _ position: Int, to start: Int) -> Bool {
    let character = characters[position]
    if character.isWhitespace || character == "\"" || character == "'" { return false }
    if !symbols.contains(character) { return true }
    // `0..<10` is one word.
    return character == "<" && position - start >= 2 && characters[position - 1] == "."
      && characters[position - 2] == "."
  }
}
