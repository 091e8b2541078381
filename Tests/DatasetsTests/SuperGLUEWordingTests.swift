import Datasets
import Evaluation
import Testing

@Suite struct SuperGLUEWordingTests {
  @Test("MultiRC loses its markup, and the answers to a question belong together")
  func multiRC() throws {
    let line =
      #"{"idx": 12, "passage": {"text": "<b>Sent 1: </b>A.<br>B < C.", "questions": "#
      + #"[{"idx": 3, "question": "<b>Who</b>?", "answers": "#
      + #"[{"text": "A<br>B", "label": 1}, {"text": "C", "label": 0}]}]}}"#
    #expect(
      try MultiRC().sources(from: line) == [
        "question: Who? answer: A B paragraph: Sent 1: A. B < C.",
        "question: Who? answer: C paragraph: Sent 1: A. B < C.",
      ])
    let records = try MultiRC().records(from: line)
    #expect(records.map(\.group) == ["12-3", "12-3"])
    #expect(records.map(\.answer) == [.label(1), .label(0)])
  }

  @Test("a question without answers leaves no example")
  func multiRCWithoutAnswers() throws {
    let line =
      #"{"idx": 0, "passage": {"text": "A.", "questions": [{"idx": 0, "question": "?", "#
      + #""answers": []}]}}"#
    #expect(try MultiRC().records(from: line) == [])
  }

  struct Span: Sendable, CustomTestStringConvertible {
    var text: String
    var span1: (String, Int)
    var span2: (String, Int)
    var marked: String
    var testDescription: String { marked }
  }

  // The texts in `marked` are what T5's rules, written down in Python, make of them.
  static let spans = [
    Span(
      text: "Nora thanked Ines because she had won.", span1: ("Nora", 0), span2: ("she", 4),
      marked: "* Nora * thanked Ines because # she # had won."),
    Span(
      text: "Putting on his coat, the miller left.", span1: ("The miller", 4), span2: ("his", 2),
      marked: "Putting on # his # coat, * the miller * left."),
    Span(
      text: "The cat hid from it.", span1: ("the cat", 0), span2: ("it", 4),
      marked: "* The cat * hid from # it #."),
    Span(
      text: "Emil saw the dog. It barked.", span1: ("the dog..", 2), span2: ("It", 4),
      marked: "Emil saw * the dog *. # It # barked."),
    Span(
      text: "The word winding Path is what it was", span1: ("winding\nPath", 2), span2: ("it", 6),
      marked: "The word * winding Path * is what # it # was"),
    Span(
      text: "Paul and their aunts left.", span1: ("their aunts", 2), span2: ("their", 2),
      marked: "Paul and * their aunts * left."),
    Span(
      text: "Paul (or Ben) said he (Ben) sang.", span1: ("Ben)", 2), span2: ("(Ben)", 5),
      marked: "Paul (or * Ben) * said he # (Ben) # sang."),
    Span(
      text: "Élodie met Zoë, and she  smiled.", span1: ("élodie", 0), span2: ("she", 4),
      marked: "* Élodie * met Zoë, and # she #  smiled."),
    Span(
      text: "He left with it", span1: ("nothing", 0), span2: ("it", 3),
      marked: "He left with it"),
  ]

  @Test("wsc.fixed marks the repaired spans", arguments: spans)
  func wscFixed(_ item: Span) throws {
    #expect(try WSCFixed().sources(from: line(item)) == ["text: " + item.marked])
  }

  @Test("wsc leaves text and spans as they are published")
  func wsc() throws {
    let item = Self.spans[1]
    #expect(
      try WSC().sources(from: line(item)) == [
        "text: Putting on his coat, the miller left. span1: The miller span2: his"
      ])
  }

  private func line(_ item: Span) -> String {
    let span1 = item.span1.0.replacing("\n", with: #"\n"#)
    return #"{"text": "\#(item.text)", "target": {"span1_text": "\#(span1)", "span1_index": "#
      + #"\#(item.span1.1), "span2_text": "\#(item.span2.0)", "span2_index": \#(item.span2.1)}, "#
      + #""label": true}"#
  }

  // The 🏆 is one code point, as spans count; é is two here.
  static let news =
    #"{"passage": {"text": "🏆 Rene\u0301 won.\n@highlight\nBo lost\n@highlight\nRene\u0301 "#
    + #"\"won\"\n@highlight\nEnd", "#
    + #""entities": [{"start": 2, "end": 6}, {"start": 24, "end": 25}, {"start": 2, "end": 6}]}, "#
    + #""qas": [{"query": "@placeholder won", "answers": [{"text": "Rene\u0301"}, {"text": "Bo"}, "#
    + #"{"text": "Bo"}]}, {"query": "No @placeholder"}]}"#

  @Test("ReCoRD names each entity once and makes sentences of its highlights")
  func recordWording() throws {
    let rest =
      "entities: Bo, Rene\u{301} passage: 🏆 Rene\u{301} won. Bo lost. Rene\u{301} \"won\" End"
    #expect(
      try ReCoRD().sources(from: Self.news) == [
        "record query: @placeholder won \(rest)", "record query: No @placeholder \(rest)",
      ])
  }

  @Test("ReCoRD accepts every answer, and trains on <unk> where there is none")
  func recordAnswers() throws {
    #expect(
      try ReCoRD().records(from: Self.news).map(\.answer) == [
        .text("Bo", accepted: ["Bo", "Rene\u{301}"]), .text("<unk>", accepted: ["<unk>"]),
      ])
  }

  @Test("yes-or-no labels are digits", arguments: [("true", 1), ("false", 0)])
  func booleans(_ word: String, _ place: Int) throws {
    let boolq = #"{"question": "q", "passage": "p", "label": \#(word)}"#
    #expect(try BoolQ().records(from: boolq).map(\.answer) == [.label(place)])
    #expect(try BoolQ().sources(from: boolq) == ["question: q passage: p"])
    let wic = #"{"sentence1": "a", "sentence2": "b", "word": "w", "label": \#(word)}"#
    #expect(try WiC().records(from: wic).map(\.answer) == [.label(place)])
    #expect(try WiC().sources(from: wic) == ["sentence1: a sentence2: b word: w"])
  }

  @Test("COPA says whether cause or effect is asked for")
  func copa() throws {
    let line =
      #"{"premise": "p", "choice1": "a", "choice2": "b", "question": "effect", "label": 1}"#
    #expect(
      try COPA().sources(from: line) == ["choice1: a choice2: b premise: p question: effect"])
  }
}
