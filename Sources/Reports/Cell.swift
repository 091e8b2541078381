public import Documents
public import Experiments

/// A part of a report: a function from results to blocks.
///
/// Experiments may declare their own. A cell sees every run of the experiment, in plan order, in
/// whatever state it is; it must be a pure function, so that equal results give equal reports.
public protocol Cell: Sendable {
  /// What this cell has to say about `results`; nothing, if there is nothing to say.
  func blocks(_ results: ResultSet) throws -> [Block]
  /// The runs that it shows: it is fresh once these are done. All unless a cell says otherwise.
  func runs(in results: ResultSet) -> [FrozenRun]
}

extension Cell {
  public func runs(in results: ResultSet) -> [FrozenRun] { results.runs }
}
