/// A question whose answer stands in a text, as the question-answering sets word it.
///
/// Question, context and answers are padded alike: a model copies padded words, and under SQuAD's
/// normalisation an answer with inner signs, such as `U . S .`, equals its padded form only.
struct ExtractiveQA {
  static let wording: Template = "question: {question} context: {context}"

  var question: String
  var context: String
  /// At least one.
  var answers: [String]

  /// The target is the first answer.
  func record(as form: DataForm) -> Record {
    let texts = [
      "question": question.paddingPunctuation, "context": context.paddingPunctuation,
    ]
    var accepted: [String] = []
    for answer in answers.map(\.paddingPunctuation) where !accepted.contains(answer) {
      accepted.append(answer)
    }
    return Record(texts, .text(accepted[0], accepted: form == .corrected ? accepted : nil))
  }
}
