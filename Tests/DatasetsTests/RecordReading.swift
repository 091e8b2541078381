import Datasets
import DeptTesting
import Foundation

extension PublishedDataset {
  /// The records of a file with this text.
  func records(
    from text: String, of part: Split = .train, as form: DataForm = .corrected
  ) throws -> [Record] {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "file")
    var records: [Record] = []
    try read(file, of: part, as: form) { records.append($0) }
    return records
  }

  /// What a model reads of each record.
  func sources(from text: String) throws -> [String] {
    try records(from: text).map { wording.render($0.texts) }
  }

  /// What is said of a file with this text, from the line on: `:1: field 'label': …`.
  func fault(in text: String, named name: String = "file") -> String? {
    do {
      let folder = try TemporaryFolder()
      let file = try folder.write(text, to: name)
      do throws(DatasetError) {
        try read(file, of: .train, as: .corrected) { _ in }
        return nil
      } catch {
        return String("\(error)".dropFirst(file.path.count))
      }
    } catch {
      return "\(error)"
    }
  }
}
