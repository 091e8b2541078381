public import Documents
public import Experiments

/// What is said about an experiment's results: cells, top to bottom.
public struct Report: Sendable {
  public var cells: [any Cell]

  public init(cells: [any Cell]) { self.cells = cells }
  public init(@ReportBuilder _ report: () -> Report) { self = report() }

  /// The report of an experiment that declares none: scores, curves, cost, provenance.
  public static var standard: Report {
    Report {
      PivotTable(rows: .method, columns: .dataset)
      LearningCurve(.validation, groupedBy: .method)
      CostTable()
      Provenance()
    }
  }

  /// The report on `results`.
  ///
  /// A first note that opens with a `# heading` gives the document its title; otherwise the
  /// experiment's name is the title.
  ///
  /// - Parameter notes: Markdown that goes before the cells: what the plan says in prose.
  public func document(
    _ results: ResultSet, after notes: [String] = []
  ) throws(ReportError) -> Document {
    var blocks: [Block] = []
    for (index, cell) in cells.enumerated() {
      do {
        blocks += try cell.blocks(results)
      } catch {
        throw .cell(position: index + 1, type: "\(type(of: cell))", message: "\(error)")
      }
    }
    var before = notes.map { Block.note(markdown: $0) }
    let title = Self.takeTitle(from: &before) ?? Self.takeTitle(from: &blocks)
    blocks = before + blocks
    let facts = ResultFacts(results)
    return Document(
      title: title ?? results.experiment, kicker: title == nil ? "" : results.experiment,
      facts: facts.headline, digests: facts.digests, blocks: blocks)
  }

  /// Removes the heading a leading note opens with, and returns its text.
  private static func takeTitle(from blocks: inout [Block]) -> String? {
    guard case .note(let markdown)? = blocks.first else { return nil }
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    guard let index = lines.firstIndex(where: { !$0.allSatisfy(\.isWhitespace) }),
      lines[index].hasPrefix("# ")
    else { return nil }
    let heading = lines[index].dropFirst(2).drop(while: \.isWhitespace)
    let title = String(heading.reversed().drop(while: { $0.isWhitespace || $0 == "#" }).reversed())
    guard !title.isEmpty, !title.contains(where: { "`*_[]<>\\&".contains($0) }) else { return nil }
    let rest = lines[(index + 1)...]
    if rest.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
      blocks.removeFirst()
    } else {
      blocks[0] = .note(markdown: rest.joined(separator: "\n"))
    }
    return title
  }
}
