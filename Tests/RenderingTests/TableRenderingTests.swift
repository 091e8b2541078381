import Documents
import Rendering
import Testing

@Suite struct TableRenderingTests {
  static let table = Table(
    name: "Scores", caption: ["Test score."],
    columns: [
      TableColumn("Method", alignment: .leading), TableColumn("#Par."),
      TableColumn("RTE", groups: ["GLUE"]), TableColumn("Mean", groups: ["GLUE"]),
    ],
    groups: [
      RowGroup(rows: [
        [
          .text("PT"), TableCell(.quantity(76_800, printed: "76.8k")),
          TableCell(
            .score(Statistic(mean: 83.41, deviation: 0.2, count: 3, decimals: 1)), rank: .second),
          TableCell(.missing),
        ],
        [
          .text("DePT"), TableCell(.quantity(76_800, printed: "76.8k")),
          TableCell(
            .score(Statistic(mean: 85.04, deviation: 0.12, count: 3, decimals: 1)), rank: .best),
          TableCell(.score(Statistic(mean: -1.5, count: 1, decimals: 1)), remark: "n=1"),
        ],
        [.text("FT"), TableCell(.missing), TableCell(.failed, marks: ["a"]), TableCell(.blank)],
      ])
    ], footnotes: [Footnote("a", ["it failed"])])

  @Test("LaTeX is as papers print it")
  func latex() {
    let text = LaTeXRenderer().render(Document(title: "t", blocks: [.table(Self.table)]))
    #expect(
      text.contains(
        """
        \\begin{tabular}{lrcc}
        \\toprule
         &  & \\multicolumn{2}{c}{GLUE} \\\\ \\cmidrule(lr){3-4}
        Method & \\#Par. & RTE & Mean \\\\
        \\midrule
        PT & 76.8k & $\\underline{83.4}_{0.2}$ & -- \\\\
        DePT & 76.8k & $\\mathbf{85.0}_{0.1}$ & $-1.5^{\\mbox{\\scriptsize n=1}}$ \\\\
        FT & -- & $\\times^{\\mbox{\\scriptsize a}}$ &  \\\\
        \\bottomrule
        """))
    #expect(text.contains("\\label{tab:scores}"))
  }

  @Test("Markdown marks the best and the second best")
  func markdown() {
    let text = MarkdownRenderer().render(Document(title: "t", blocks: [.table(Self.table)]))
    #expect(
      text.contains(
        """
        | Method | \\#Par. | GLUE RTE | GLUE Mean |
        | :-- | --: | --: | --: |
        | PT | 76.8k | <u>83.4</u> ± 0.2 | – |
        | DePT | 76.8k | **85.0** ± 0.1 | −1.5<sup>n=1</sup> |
        | FT | – | ×<sup>a</sup> |  |
        """))
  }

  @Test("a terminal's columns line up, with and without style")
  func terminal() {
    let plain = TerminalRenderer().render(Self.table)
    #expect(
      plain == """
        Test score.
        ─────────────────────────────────────
        \("                        ")GLUE
        Method  #Par.         RTE        Mean
        ─────────────────────────────────────
        PT      76.8k   83.4 ±0.2           –
        DePT    76.8k  85.0 ±0.1*  −1.5 (n=1)
        FT          –       × (a)
        ─────────────────────────────────────
        a: it failed
        """)
    let styled = TerminalRenderer(styled: true).render(Self.table)
    #expect(styled.contains("\u{1B}[1m85.0 ±0.1\u{1B}[0m"))
    #expect(styled.contains("\u{1B}[4m83.4 ±0.2\u{1B}[0m"))
  }

  @Test("CSV has the numbers unrounded, three columns a score")
  func csv() {
    let text = CSVRenderer().render(Self.table)
    #expect(
      text.split(separator: "\r\n") == [
        "Method,#Par.,GLUE RTE mean,GLUE RTE std,GLUE RTE n,"
          + "GLUE Mean mean,GLUE Mean std,GLUE Mean n",
        "PT,76800,83.41,0.2,3,,,0", "DePT,76800,85.04,0.12,3,-1.5,,1", "FT,,,,0,,,0",
      ])
  }

  @Test("macros are one command per number, with letters only")
  func macros() {
    let text = LaTeXMacros().render(Document(title: "t", blocks: [.table(Self.table)]))
    #expect(text.contains("\\newcommand{\\DePTGLUERTEMean}{85.0}\n"))
    #expect(text.contains("\\newcommand{\\DePTGLUERTEDeviation}{0.1}\n"))
    #expect(text.contains("\\newcommand{\\DePTGLUEMeanMean}{-1.5}\n"))
    let double = Document(title: "t", blocks: [.table(Self.table), .table(Self.table)])
    #expect(LaTeXMacros().render(double).contains("\\DePTGLUERTENoTwoMean"))
  }

  @Test("empty documents render in every format")
  func empty() {
    let document = Document(title: "")
    #expect(HTMLRenderer().render(document).contains("<main>"))
    #expect(!MarkdownRenderer().render(document).isEmpty)
    #expect(!LaTeXRenderer().render(document).isEmpty)
    #expect(!TerminalRenderer().render(document).isEmpty)
    #expect(CSVRenderer().render(document).isEmpty)
    #expect(SVGRenderer().render(document).isEmpty)
  }
}
