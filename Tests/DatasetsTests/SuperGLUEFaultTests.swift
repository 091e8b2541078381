import Datasets
import Testing

@Suite struct SuperGLUEFaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var dataset: any PublishedDataset
    var text: String
    var message: String
    var testDescription: String { "\(dataset.id)\(message)" }
  }

  static let cases = [
    Case(
      dataset: BoolQ(), text: "\n" + #"{"question": "q", "passage": "p", "label": 1}"#,
      message: ":2: field 'label': expected true or false, found number"),
    Case(
      dataset: BoolQ(), text: #"{"question": "q", "label": true}"#,
      message: ":1: field 'passage': expected this field, found none"),
    Case(
      dataset: WiC(), text: #"{"sentence1": "a", "sentence2": null, "word": "w", "label": true}"#,
      message: ":1: field 'sentence2': expected a text, found null"),
    Case(
      dataset: COPA(),
      text: #"{"premise": "p", "choice1": "a", "choice2": "b", "question": "why", "label": 1}"#,
      message: ":1: field 'question': expected one of cause, effect, found 'why'"),
    Case(
      dataset: COPA(),
      text: #"{"premise": "p", "choice1": "a", "choice2": "b", "question": "cause", "label": 2}"#,
      message: ":1: field 'label': expected one of 0, 1, found '2'"),
    Case(
      dataset: MultiRC(), text: multiRC(#"{"text": "a", "label": 3}"#),
      message:
        ":1: field 'passage.questions.[0].answers.[1].label': expected one of 0, 1, found '3'"
    ),
    Case(
      dataset: MultiRC(), text: multiRC(#"{"text": "a"}"#),
      message:
        ":1: field 'passage.questions.[0].answers.[1].label': expected this field, found none"
    ),
    Case(
      dataset: WSC(), text: wsc(#""he""#, 3),
      message: ":1: field 'target.span1_index': expected the place of one of the 3 words of the "
        + "text, found 3"),
    Case(
      dataset: WSCFixed(), text: wsc(#""he""#, -1),
      message: ":1: field 'target.span1_index': expected the place of one of the 3 words of the "
        + "text, found -1"),
    Case(
      dataset: WSCFixed(), text: wsc(#""""#, 0),
      message: ":1: field 'target.span1_text': expected words of the text, found none"),
    Case(
      dataset: WSCFixed(), text: wsc("7", 0),
      message: ":1: field 'target.span1_text': expected a text, found number"),
    Case(
      dataset: WSCFixed(), text: #"{"text": "He sat down", "label": true}"#,
      message: ":1: field 'target': expected this field, found none"),
    Case(
      dataset: ReCoRD(), text: record(start: 1, end: 4),
      message: ":1: field 'passage.entities.[0]': expected a span of the passage's 4 characters, "
        + "found 1 to 4"),
    Case(
      dataset: ReCoRD(), text: record(start: -1, end: 1),
      message: ":1: field 'passage.entities.[0]': expected a span of the passage's 4 characters, "
        + "found -1 to 1"),
    Case(
      dataset: ReCoRD(), text: record(start: 2, end: 1),
      message: ":1: field 'passage.entities.[0]': expected a span of the passage's 4 characters, "
        + "found 2 to 1"),
  ]

  static func multiRC(_ answer: String) -> String {
    #"{"idx": 0, "passage": {"text": "t", "questions": [{"idx": 0, "question": "q", "answers": "#
      + #"[{"text": "b", "label": 0}, \#(answer)]}]}}"#
  }

  static func wsc(_ span: String, _ index: Int) -> String {
    #"{"text": "He sat down", "target": {"span1_text": \#(span), "span1_index": \#(index), "#
      + #""span2_text": "sat", "span2_index": 1}, "label": true}"#
  }

  static func record(start: Int, end: Int) -> String {
    #"{"passage": {"text": "Bo é", "entities": [{"start": \#(start), "end": \#(end)}]}, "#
      + #""qas": []}"#
  }

  @Test("what is wrong is told with line and field", arguments: cases)
  func fault(_ expected: Case) {
    #expect(expected.dataset.fault(in: expected.text) == expected.message)
  }
}
