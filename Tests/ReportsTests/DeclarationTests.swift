import Documents
import Experiments
import Reports
import Testing

/// The shape in which an experiment's file declares its report: a protocol with a builder property.
private protocol Declaring {
  @ReportBuilder var report: Report { get }
}

private struct LearningRates: Declaring {
  var report: Report {
    Note(
      """
      # Are two learning rates needed?
      One rate for the prompt, a smaller one for the low-rank pair.
      """)
    PivotTable(rows: .method, .learningRates, columns: .dataset, cell: .test)
    LearningCurve(.validation, groupedBy: .learningRates)
    Provenance()
  }
}

private struct Silent: Declaring {
  var report: Report { Report.standard }
}

@Suite struct DeclarationTests {
  @Test("an experiment's report is a list of cells, without commas or brackets")
  func declaration() throws {
    #expect(LearningRates().report.cells.count == 4)
    #expect(Silent().report.cells.count == 4)
    let document = try LearningRates().report.document(Sample.results([Sample.run()]))
    #expect(document.title == "Are two learning rates needed?")
  }
}
