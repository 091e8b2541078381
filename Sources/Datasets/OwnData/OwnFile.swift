import Foundation

/// One file of the user's own data, whose rows become examples.
struct OwnFile {
  private let file: URL
  private let template: Template
  private let target: String

  private static let references = "references"
  private static let group = "group"

  init(_ file: URL, _ preparation: Preparation) {
    self.file = file
    template = preparation.template ?? OwnDataset.plain
    target = preparation.targetColumn ?? "target"
  }

  /// Calls `take` with each example as the data word it, in file order.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field.
  func examples(_ take: (Example) throws(DatasetError) -> Void) throws(DatasetError) {
    let required = template.fields.filter { $0 != target } + [target]
    let optional = [OwnFile.references, OwnFile.group].filter { !required.contains($0) }
    func row(_ row: TableRow) throws(DatasetError) {
      for name in required where row.texts[name]?.isEmpty ?? true {
        throw row.place.malformed(
          field: name, "expected a text, found an empty field: fill it in, or leave the row out")
      }
      let accepted = optional.contains(OwnFile.references) ? row.texts[OwnFile.references] : nil
      try take(example(row.texts, accepted: list(accepted ?? "", row.place), row.place))
    }
    switch OwnFormat(name: file.lastPathComponent) ?? .jsonl {
    case .csv:
      try table { () throws(DatasetError) in
        try CSVFile(file).rows(required, optional: optional, row)
      }
    case .tsv:
      try table { () throws(DatasetError) in
        try TSVFile(file).rows(required, optional: optional, row)
      }
    case .jsonl:
      let columns = JSONTexts.Columns(
        required: required, optional: optional.filter { $0 != OwnFile.references },
        lists: optional.filter { $0 == OwnFile.references })
      try JSONLinesFile(file).texts(columns) { (object, place) throws(DatasetError) in
        if let missing = object.missing {
          let found = object.names.isEmpty ? "none" : object.names.joined(separator: ", ")
          throw place.malformed(
            field: missing, "expected this field, found only \(found)\(remedy(for: missing))")
        }
        try take(example(object.texts, accepted: object.lists[OwnFile.references], place))
      }
    }
  }

  /// How a column is named that is called otherwise.
  private func remedy(for missing: String) -> String {
    missing == target
      ? ": name the target with --target-column, in an experiment .targetColumn"
      : ": name columns in a template, --template \"{text}\", in an experiment .template"
  }

  /// Reads a table; a missing column says how to name another.
  private func table(_ read: () throws(DatasetError) -> Void) throws(DatasetError) {
    do throws(DatasetError) {
      try read()
    } catch .missingColumn(let path, let name, let found) {
      throw .malformed(
        path: path, line: 1, field: name,
        "expected this column, found only \(found)\(remedy(for: name))")
    }
  }

  private func example(
    _ texts: [String: String], accepted: [String]?, _ place: FilePlace
  ) throws(DatasetError) -> Example {
    if accepted?.isEmpty == true {
      throw place.malformed(
        field: OwnFile.references,
        "expected at least one text, found an empty list: leave the field out")
    }
    // A table has the column in every row, also where nothing belongs together.
    let group = texts[OwnFile.group].flatMap { $0.isEmpty ? nil : $0 }
    return Example(
      source: template.render(texts), target: texts[target] ?? "", references: accepted,
      group: group)
  }

  /// The list of texts that a table's field spells in JSON; `nil` where the field is empty.
  private func list(_ text: String, _ place: FilePlace) throws(DatasetError) -> [String]? {
    guard !text.isEmpty else { return nil }
    guard let list = try? JSONDecoder().decode([JSONText].self, from: Data(text.utf8)) else {
      throw place.malformed(
        field: OwnFile.references,
        "expected a JSON list of texts such as [\"yes\", \"no\"], found '\(text)'")
    }
    return list.map(\.text)
  }
}
