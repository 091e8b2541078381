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
}
