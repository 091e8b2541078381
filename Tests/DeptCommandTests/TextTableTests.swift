import Testing

@testable import DeptCommand

@Suite("Tables as text")
struct TextTableTests {
  @Test("have columns side by side, numbers to the right")
  func columns() {
    var table = TextTable(columns: ["name", "n"])
    table.rows = [["é", "10"], ["long", "9"]]
    #expect(table.aligned == "name   n\né     10\nlong   9\n")
  }

  @Test("leave out what would command a terminal")
  func controls() {
    var table = TextTable(columns: ["a\u{1B}[1m", "b"])
    table.rows = [["\u{1B}]0;title\u{7}x\u{9B}31m\r", "two\nlines\t"]]
    #expect(table.aligned == "a[1m          b\n]0;titlex31m  two\nlines\t\n")
    #expect(table.commaSeparated.contains("\u{1B}]0;title"))
  }

  @Test(
    "show numbers with four decimals at most",
    arguments: [
      (0.5, "0.5"), (2, "2"), (0.12344, "0.1234"), (0.99996, "1"), (-0.0625, "-0.0625"),
      (-0.00001, "0"), (1_234_567.8901, "1234567.8901"), (0.0001, "0.0001"), (.nan, "nan"),
      (1e20, "1e+20"), (-.infinity, "-inf"), (12.05, "12.05"),
    ])
  func decimals(value: Double, text: String) {
    #expect(RunListing.rounded(value) == text)
  }
}
