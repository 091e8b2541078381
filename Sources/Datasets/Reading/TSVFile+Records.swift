extension TSVFile {
  /// Calls `take` with a record of each row, in file order: the texts of some columns by their
  /// names, and the class that another one names.
  ///
  /// - Parameter names: what the file calls the classes, in the order of the data set's labels.
  /// - Throws: as `rows`, and `DatasetError.malformed` for a class that is none of them.
  public func records(
    _ columns: String..., label: String, among names: [String],
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try rows(columns + [label]) { (row) throws(DatasetError) in
      let place = try row.label(label, names)
      try take(Record(row.texts.filter { columns.contains($0.key) }, .label(place)))
    }
  }
}
