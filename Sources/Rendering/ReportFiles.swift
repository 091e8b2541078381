public import Documents

/// The files that a report consists of, by format: what is written below `reports/<experiment>/`.
public struct ReportFiles: Sendable {
  /// A kind of file that a report is written as.
  public enum Format: String, CaseIterable, Hashable, Sendable {
    case html
    case markdown
    case latex
    case csv
  }

  /// A file's path below the report's folder, with `/` between its parts, and its text.
  public struct File: Hashable, Sendable {
    public var path: String
    public var text: String
  }

  private let document: Document
  private let reloadsEvery: Int?

  /// - Parameter reloadsEvery: seconds after which a browser reads the page again; `nil`: never.
  public init(_ document: Document, reloadsEvery: Int? = nil) {
    self.document = document
    self.reloadsEvery = reloadsEvery
  }

  /// The files of some formats, in a fixed order: `index.html`; `report.md` and `figures/*.svg`;
  /// `table.tex` and `results.macros.tex`; `tables/*.csv`. Equal documents give equal bytes.
  public func files(_ formats: Set<Format> = Set(Format.allCases)) -> [File] {
    Format.allCases.filter(formats.contains).flatMap(files(of:))
  }

  private func files(of format: Format) -> [File] {
    switch format {
    case .html:
      [
        File(
          path: "index.html",
          text: HTMLRenderer(reloadsEvery: reloadsEvery).render(document))
      ]
    case .markdown:
      [
        File(
          path: "report.md",
          text: MarkdownRenderer(figures: .linked(folder: "figures")).render(document))
      ]
        + SVGRenderer().render(document).map { File(path: "figures/\($0.name)", text: $0.svg) }
    case .latex:
      [
        File(path: "table.tex", text: LaTeXRenderer().render(document)),
        File(path: "results.macros.tex", text: LaTeXMacros().render(document)),
      ]
    case .csv:
      CSVRenderer().render(document).map { File(path: "tables/\($0.name)", text: $0.csv) }
    }
  }
}
