/// Turns the records of a data set into examples: template, verbalizer, accepted answers.
struct ExampleMaker {
  private let template: Template
  private let targets: [String]

  /// - Parameters:
  ///   - template: the data set's own.
  ///   - labels: the data set's own; empty where answers are free text.
  init(_ preparation: Preparation, template: Template, labels: [DatasetLabel]) {
    self.template = preparation.template ?? template
    targets = labels.map { preparation.labelWords?[$0.target] ?? $0.target }
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
