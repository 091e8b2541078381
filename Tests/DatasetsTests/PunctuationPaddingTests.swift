import Testing

@testable import Datasets

@Suite struct PunctuationPaddingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var padded: String
    var testDescription: String { text }
  }

  // What Python's `regex` makes of [^_\s\p{N}\p{L}\p{M}] in spaces and of runs of \s as one.
  static let cases = [
    Case(text: "", padded: ""),
    Case(text: "plain words", padded: "plain words"),
    Case(text: "U.S.", padded: "U . S . "),
    Case(text: "(PAPER) -- it's", padded: " ( PAPER ) - - it ' s"),
    Case(text: "snake_case_ stays", padded: "snake_case_ stays"),
    Case(text: "12.5% of $3,000", padded: "12 . 5 % of $ 3 , 000"),
    Case(text: "a \t\n\u{A0}\u{2003}b", padded: "a b"),
    Case(text: "  ends  ", padded: " ends "),
    Case(text: "Fran\u{E7}ois, Franc\u{327}ois", padded: "Fran\u{E7}ois , Franc\u{327}ois"),
    Case(text: "½ Ⅷ ² stay", padded: "½ Ⅷ ² stay"),
    Case(text: "हिन्दी।", padded: "हिन्दी । "),
    Case(text: "a\u{200B}b\u{200D}c", padded: "a \u{200B} b \u{200D} c"),
    Case(text: "tab\u{1F}sep", padded: "tab \u{1F} sep"),
    Case(text: "👩‍🚀!", padded: " 👩 \u{200D} 🚀 ! "),
    Case(text: "e\u{301}\u{20DD}", padded: "e\u{301}\u{20DD}"),
    Case(text: "„quote“–dash", padded: " „ quote “ – dash"),
    Case(text: "line\r\nbreak", padded: "line break"),
  ]

  @Test("signs stand alone, letters, numbers, marks and underscores do not", arguments: cases)
  func padding(_ expected: Case) {
    #expect(
      Array(expected.text.paddingPunctuation.unicodeScalars)
        == Array(expected.padded.unicodeScalars))
  }

  @Test("a padded text is padded already", arguments: cases)
  func idempotent(_ expected: Case) {
    #expect(expected.padded.paddingPunctuation == expected.padded)
  }
}
