/// The grammar of a report: cells one after another, with `if`, `for` and other reports between.
@resultBuilder
public enum ReportBuilder {
  public static func buildExpression(_ cell: some Cell) -> [any Cell] { [cell] }
  public static func buildExpression(_ report: Report) -> [any Cell] { report.cells }
  public static func buildBlock(_ parts: [any Cell]...) -> [any Cell] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [any Cell]?) -> [any Cell] { part ?? [] }
  public static func buildEither(first part: [any Cell]) -> [any Cell] { part }
  public static func buildEither(second part: [any Cell]) -> [any Cell] { part }
  public static func buildArray(_ parts: [[any Cell]]) -> [any Cell] { parts.flatMap { $0 } }
  public static func buildLimitedAvailability(_ part: [any Cell]) -> [any Cell] { part }
  public static func buildFinalResult(_ cells: [any Cell]) -> Report { Report(cells: cells) }
}
