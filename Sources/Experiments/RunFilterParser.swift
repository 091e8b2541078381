/// Why a condition on runs cannot be read; columns count from 1.
public enum RunFilterError: Error, Hashable, Sendable, CustomStringConvertible {
  case unexpected(found: String, wanted: String, column: Int)
  case unterminated(column: Int)
  case unknownField(String, known: [String])

  public var description: String {
    switch self {
    case .unexpected(let found, let wanted, let column):
      "the condition has \(found) at column \(column) where \(wanted) is expected, "
        + "as in “method = dept and seed <= 2”"
    case .unterminated(let column):
      "the condition's quotation mark at column \(column) is never closed"
    case .unknownField(let field, let known):
      "no run has a field “\(field)”; there are \(known.joined(separator: ", "))"
    }
  }
}

/// Reads the grammar of `RunFilter`: or < and < not < comparison.
struct RunFilterParser {
  private enum Token: Hashable {
    case word(String)
    case quoted(String)
    case symbol(String)
  }

  private var tokens: [(token: Token, column: Int)] = []
  private var index = 0
  private let length: Int

  init(_ text: String) throws(RunFilterError) {
    let characters = Array(text)
    length = characters.count
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
        tokens.append((.quoted(String(characters[start + 1..<position])), start + 1))
        position += 1
      } else if "=!<>~(),&|".contains(character) {
        let pair = String(characters[position..<min(position + 2, characters.count)])
        let symbol =
          ["==", "!=", "<=", ">=", "&&", "||"].contains(pair) ? pair : String(character)
        position += symbol.count
        tokens.append((.symbol(symbol), start + 1))
      } else {
        while position < characters.count, !characters[position].isWhitespace,
          !"=!<>~(),&|\"'".contains(characters[position])
        {
          position += 1
        }
        tokens.append((.word(String(characters[start..<position])), start + 1))
      }
    }
  }

  mutating func condition() throws(RunFilterError) -> RunFilter.Condition {
    var result = try conjunction()
    while takeWord("or") || takeSymbol("||") || takeSymbol("|") {
      result = .either(result, try conjunction())
    }
    return result
  }

  func end() throws(RunFilterError) {
    if index < tokens.count { throw unexpected("the end") }
  }

  private mutating func conjunction() throws(RunFilterError) -> RunFilter.Condition {
    var result = try negation()
    while takeWord("and") || takeSymbol("&&") || takeSymbol("&") || takeSymbol(",") {
      result = .both(result, try negation())
    }
    return result
  }

  private mutating func negation() throws(RunFilterError) -> RunFilter.Condition {
    if takeWord("not") || takeSymbol("!") { return .not(try negation()) }
    if takeSymbol("(") {
      let inner = try condition()
      guard takeSymbol(")") else { throw unexpected("“)”") }
      return inner
    }
    return try comparison()
  }

  private mutating func comparison() throws(RunFilterError) -> RunFilter.Condition {
    guard index < tokens.count, case .word(let field) = tokens[index].token else {
      throw unexpected("a field")
    }
    index += 1
    if takeWord("in") {
      guard takeSymbol("(") else { throw unexpected("“(”") }
      var values = [try value()]
      while takeSymbol(",") { values.append(try value()) }
      guard takeSymbol(")") else { throw unexpected("“)”") }
      return .among(field: field, values)
    }
    guard index < tokens.count, case .symbol(let symbol) = tokens[index].token,
      let comparison = RunFilter.Comparison(rawValue: symbol == "==" ? "=" : symbol)
    else { throw unexpected("=, !=, <, <=, >, >=, ~ or in") }
    index += 1
    return .compare(field: field, comparison, try value())
  }

  private mutating func value() throws(RunFilterError) -> JSONValue {
    guard index < tokens.count else { throw unexpected("a value") }
    switch tokens[index].token {
    case .quoted(let text):
      index += 1
      return .string(text)
    case .word(let text):
      index += 1
      if let integer = Int(text) { return .integer(integer) }
      if let number = Double(text) { return .number(number) }
      return ["true": .bool(true), "false": .bool(false), "null": .null][text] ?? .string(text)
    case .symbol:
      throw unexpected("a value")
    }
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard index < tokens.count, case .word(let found) = tokens[index].token,
      found.lowercased() == word
    else { return false }
    index += 1
    return true
  }

  private mutating func takeSymbol(_ symbol: String) -> Bool {
    guard index < tokens.count, tokens[index].token == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  private func unexpected(_ wanted: String) -> RunFilterError {
    guard index < tokens.count else {
      return .unexpected(found: "nothing more", wanted: wanted, column: length + 1)
    }
    let text =
      switch tokens[index].token {
      case .word(let text), .symbol(let text): text
      case .quoted(let text): "\"\(text)\""
      }
    return .unexpected(found: "“\(text)”", wanted: wanted, column: tokens[index].column)
  }
}
