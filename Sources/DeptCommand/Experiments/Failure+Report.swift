import Documents

extension Failure {
  /// What to say of a report that was written, though cells of it could not be computed; `nil`
  /// where all could.
  init?(faultsOf document: Document) {
    guard let first = document.faults.first else { return nil }
    let more = document.faults.count - 1
    self.init(
      .runFailed,
      first + (more > 0 ? "; and \(more) more" : "") + "; the rest of the report was written")
  }
}
