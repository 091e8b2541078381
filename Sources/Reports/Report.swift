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

  /// The report on `results`, all of it or nothing.
  ///
  /// - Throws: for the first cell that cannot be computed.
  public func document(
    _ results: ResultSet, after notes: [String] = []
  ) throws(ReportError) -> Document {
    let (document, errors) = compose(results, after: notes)
    if let error = errors.first { throw error }
    return document
  }

  /// The report on `results`; a cell that cannot be computed says so in its place and does not
  /// take the others with it.
  ///
  /// A first note that opens with a `# heading` gives the document its title; otherwise the
  /// experiment's name is the title. A cell that is not fresh says so in a line before it.
  ///
  /// - Parameter notes: Markdown that goes before the cells: what the plan says in prose.
  public func document(showing results: ResultSet, after notes: [String] = []) -> Document {
    compose(results, after: notes).document
  }

  private func compose(
    _ results: ResultSet, after notes: [String]
  ) -> (document: Document, errors: [ReportError]) {
    var blocks: [Block] = []
    var errors: [ReportError] = []
    for (index, cell) in cells.enumerated() {
      do {
        let own = try cell.blocks(results)
        let standing = CellStanding(of: cell.runs(in: results), isStale: results.isStale)
        blocks += standing.line(before: own) + own
      } catch {
        let error = ReportError.cell(
          position: index + 1, type: "\(type(of: cell))", message: "\(error)")
        errors.append(error)
        blocks.append(.state(.failed, reason: error.description))
      }
    }
    var before = notes.map { Block.note(markdown: $0) }
    let title = Self.takeTitle(from: &before) ?? Self.takeTitle(from: &blocks)
    blocks = before + blocks
    let facts = ResultFacts(results)
    let document = Document(
      title: title ?? results.experiment, kicker: title == nil ? "" : results.experiment,
      facts: facts.headline, digests: facts.digests, blocks: blocks,
      faults: errors.map(\.description))
    return (document, errors)
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
