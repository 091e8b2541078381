import Foundation

extension Preparation {
  /// What of it a data set cannot do, in one sentence each.
  public func problems(with dataset: any Dataset) -> [String] {
    var problems: [String] = []
    if let mistake = template?.mistake {
      problems.append(mistake)
    } else if let template, template.fields.isEmpty, template != dataset.template {
      problems.append(
        "the template '\(template.text)' names no text, so that all examples would read alike; "
          + "write {name} where a text belongs")
    } else if let template {
      if dataset.template == nil {
        problems.append(
          "'\(dataset.id)' is made as whole texts and takes no template; leave the template out")
      } else if !dataset.fields.isEmpty {
        for field in template.fields where !dataset.fields.contains(field) {
          let known = dataset.fields.map { "{\($0)}" }.joined(separator: ", ")
          problems.append(
            "the template names {\(field)}, which '\(dataset.id)' does not have; it has \(known)")
        }
      }
    }
    for word in (labelWords ?? [:]).keys.sorted()
    where !dataset.labels.isEmpty && !dataset.labels.contains(where: { $0.target == word }) {
      let known = dataset.labels.map { "'\($0.target)' (\($0.meaning))" }.joined(separator: ", ")
      problems.append(
        "label words are given for '\(word)', which is no class of '\(dataset.id)'; it has \(known)"
      )
    }
    if labelWords != nil, dataset.labels.isEmpty, !(dataset is OwnDataset) {
      problems.append(
        "'\(dataset.id)' has no classes to give words to: its answers are free text; leave the "
          + "label words out")
    }
    let words = (dataset is OwnDataset ? Array((labelWords ?? [:]).values) : targets(of: dataset))
      .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    if words.contains("") {
      problems.append("a class of '\(dataset.id)' would be written as nothing; give it a word")
    } else if let twice = words.first(where: { word in words.count(where: { $0 == word }) > 1 }) {
      problems.append(
        "two classes of '\(dataset.id)' would both be written '\(twice)'; give each its own word")
    }
    if targetColumn != nil, !(dataset is OwnDataset) {
      problems.append(
        "'\(dataset.id)' has its own target; a target column is named for own data only")
    }
    return problems
  }

  /// - Throws: `DatasetError.unusable` with the first of `problems`.
  func check(against dataset: any Dataset) throws(DatasetError) {
    if let problem = problems(with: dataset).first { throw .unusable(problem) }
  }
}
