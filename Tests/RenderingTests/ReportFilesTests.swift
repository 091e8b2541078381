import Documents
import Rendering
import Testing

@Suite struct ReportFilesTests {
  @Test("each format has its files, and every figure that Markdown links to is among them")
  func paths() throws {
    let files = ReportFiles(try SampleDocument.document)
    #expect(files.files([.html]).map(\.path) == ["index.html"])
    #expect(files.files([.latex]).map(\.path) == ["table.tex", "results.macros.tex"])
    #expect(files.files([.csv]).map(\.path).first == "tables/scores.csv")
    let markdown = files.files([.markdown])
    #expect(markdown.first?.path == "report.md")
    let text = try #require(markdown.first?.text)
    let figures = markdown.dropFirst().map(\.path)
    #expect(figures.count == 4)
    for figure in figures { #expect(text.contains("](\(figure))")) }
    #expect(files.files().count == 1 + 5 + 2 + 4)
  }
}
