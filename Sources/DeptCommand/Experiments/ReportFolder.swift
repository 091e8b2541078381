import Documents
import Foundation
import Rendering

/// Where a report is written: `index.html`, `report.md`, `table.tex` and tables as CSV.
struct ReportFolder {
  /// The forms of a report.
  enum Format: String, CaseIterable {
    case html, markdown, latex, csv
  }

  let path: String
  var formats: [Format] = [.html, .markdown, .latex]

  /// `reports/<experiment>` in the current directory.
  static func standard(for experiment: String) -> ReportFolder {
    ReportFolder(path: "reports/\(experiment)")
  }

  /// The files of the report on `document`, by name: equal documents give equal bytes.
  func files(of document: Document) -> [(name: String, text: String)] {
    formats.flatMap { format -> [(name: String, text: String)] in
      switch format {
      case .html: [("index.html", HTMLRenderer().render(document))]
      case .markdown: [("report.md", MarkdownRenderer().render(document))]
      case .latex: [("table.tex", LaTeXRenderer(.tables).render(document))]
      case .csv: CSVRenderer().render(document).map { ($0.name, $0.csv) }
      }
    }
  }

  /// Writes what has changed, and returns the path of the file to look at.
  ///
  /// - Throws: `Failure` where the folder cannot be written.
  func write(_ document: Document) throws -> String {
    let files = files(of: document)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for file in files where content(of: file.name) != Data(file.text.utf8) {
        try Data(file.text.utf8).write(to: URL(filePath: "\(path)/\(file.name)"), options: .atomic)
      }
    } catch {
      throw Failure(
        .unavailable, "the report cannot be written to \(path): \(error.localizedDescription)")
    }
    return files.first.map { "\(path)/\($0.name)" } ?? path
  }

  /// The names of files that are missing or differ from what would be written now.
  func outdated(_ document: Document) -> [String] {
    files(of: document).filter { content(of: $0.name) != Data($0.text.utf8) }.map(\.name)
  }

  private func content(of name: String) -> Data? {
    FileManager.default.contents(atPath: "\(path)/\(name)")
  }
}
