/// Turns the records of a data set into examples: template, verbalizer, accepted answers.
struct ExampleMaker {
  private let template: Template
  private let targets: [String]

  /// - Parameter template: the data set's own.
  init(_ preparation: Preparation, template: Template, of dataset: any Dataset) {
    self.template = preparation.template ?? template
    targets = preparation.targets(of: dataset)
  }

  func example(_ record: Record) -> Example {
    let source = template.render(record.texts)
    switch record.answer {
    case .label(let place):
      return Example(source: source, target: targets[place], group: record.group)
    case .text(let text, let accepted):
      return Example(source: source, target: text, references: accepted, group: record.group)
    }
  }
}
