/// Reads the grammar of `RunFilter`: or < and < not < comparison.
struct RunFilterParser {
  private let tokens: [RunFilterLexer.Place]
  private var index = 0
  private let length: Int
  /// The fields met so far.
  private(set) var places: [(field: String, column: Int)] = []

  /// - Parameter length: that of the whole text, in characters.
  init(_ tokens: [RunFilterLexer.Place], length: Int) {
    self.tokens = tokens
    self.length = length
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
    let field = try field()
    if takeWord("is") {
      let isNegated = takeWord("not")
      guard takeWord("missing") || takeWord("null") else { throw unexpected("“missing”") }
      return isNegated ? .not(.missing(field: field)) : .missing(field: field)
    }
    if takeWord("not") {
      guard takeWord("in") else { throw unexpected("“in”") }
      return .not(try membership(of: field))
    }
    if takeWord("in") { return try membership(of: field) }
    if takeWord("between") {
      let lower = try number()
      guard takeWord("and") else { throw unexpected("“and”") }
      return .within(field: field, FilterRange(lower: lower, upper: try number()))
    }
    if takeSymbol("~=") { return .matches(field: field, try pattern()) }
    guard case .symbol(let symbol)? = token,
      let comparison = RunFilter.Comparison(rawValue: symbol == "==" ? "=" : symbol)
    else { throw unexpected("=, !=, <, <=, >, >=, ~, ~=, in, between or is") }
    index += 1
    return .compare(field: field, comparison, try value())
  }

  /// A field's name, or a summary of points such as `best(validation/accuracy)`.
  private mutating func field() throws(RunFilterError) -> String {
    guard case .word(var name)? = token else { throw unexpected("a field") }
    let place = tokens[index]
    index += 1
    if takeSymbol("(") {
      guard let summary = PointSummary(rawValue: name) else {
        index -= 2
        throw unexpected("a field, or one of best, last, min and max")
      }
      guard case .word(let metric)? = token else { throw unexpected("a metric") }
      index += 1
      guard takeSymbol(")") else { throw unexpected("“)”") }
      name = summary.field(of: metric)
    }
    if !places.contains(where: { $0.field == name }) { places.append((name, place.column)) }
    return name
  }

  /// What follows `in`: a range, or a list of values and ranges.
  private mutating func membership(of field: String) throws(RunFilterError) -> RunFilter.Condition {
    if let range = takeRange() { return .within(field: field, range) }
    guard takeSymbol("(") else { throw unexpected("“(” or a range such as 1...3") }
    var values: [JSONValue] = []
    var ranges: [FilterRange] = []
    repeat {
      if let range = takeRange() { ranges.append(range) } else { values.append(try value()) }
    } while takeSymbol(",")
    guard takeSymbol(")") else { throw unexpected("“)”") }
    return ranges.reduce(.among(field: field, values)) { condition, range in
      .either(condition, .within(field: field, range))
    }
  }

  /// A range, written with or without spaces around its dots.
  private mutating func takeRange() -> FilterRange? {
    guard case .word(var text)? = token else { return nil }
    var end = index + 1
    if end < tokens.count, case .word(let dots) = tokens[end].token, dots.hasPrefix("..") {
      text += dots
      end += 1
      if ["..", "...", "..<"].contains(dots), end < tokens.count,
        case .word(let upper) = tokens[end].token, Double(upper) != nil
      {
        text += upper
        end += 1
      }
    }
    guard let range = FilterRange(text) else { return nil }
    index = end
    return range
  }

  private mutating func value() throws(RunFilterError) -> JSONValue {
    switch token {
    case .quoted(let text):
      index += 1
      return .string(text)
    case .word(let text):
      index += 1
      if let integer = Int(text) { return .integer(integer) }
      if let number = Double(text) { return .number(number) }
      return ["true": .bool(true), "false": .bool(false), "null": .null][text] ?? .string(text)
    case .symbol, nil:
      throw unexpected("a value")
    }
  }

  private mutating func number() throws(RunFilterError) -> Double {
    guard case .word(let text)? = token, let number = Double(text) else {
      throw unexpected("a number")
    }
    index += 1
    return number
  }

  private mutating func pattern() throws(RunFilterError) -> FilterPattern {
    let text: String
    switch token {
    case .quoted(let found), .word(let found): text = found
    case .symbol, nil: throw unexpected("a regular expression in quotation marks")
    }
    guard let pattern = FilterPattern(text) else {
      throw .noPattern(text, column: tokens[index].column)
    }
    index += 1
    return pattern
  }

  private var token: RunFilterLexer.Token? {
    index < tokens.count ? tokens[index].token : nil
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard case .word(let found)? = token, found.lowercased() == word else { return false }
    index += 1
    return true
  }

  private mutating func takeSymbol(_ symbol: String) -> Bool {
    guard token == .symbol(symbol) else { return false }
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
