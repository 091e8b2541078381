import Datasets
import DeptTesting
import Evaluation
import Foundation
import Testing

@Suite struct QuestionAnsweringTests {
  static let tasks: [any PublishedDataset] = [
    NaturalQuestions(), HotpotQA(), SearchQA(), NewsQA(),
  ]

  static let file =
    #"{"header": {"dataset": "X", "split": "train"}}"# + "\n"
    + #"{"context": "[TLE] The U.S. Mint.", "qas": [{"question": "Whose?", "answers": "#
    + #"["U.S.", "the U.S.", "U.S."]}], "context_tokens": [["x", 0]]}"# + "\n"

  @Test("the four MRQA sets read contexts line by line and pass over the header", arguments: tasks)
  func mrqa(_ task: any PublishedDataset) throws {
    #expect(
      try task.sources(from: Self.file) == [
        "question: Whose ?  context:  [ TLE ] The U . S . Mint . "
      ])
    #expect(
      try task.records(from: Self.file).map(\.answer) == [
        .text("U . S . ", accepted: ["U . S . ", "the U . S . "])
      ])
    #expect(
      try task.records(from: Self.file, as: .asPublished).map(\.answer) == [.text("U . S . ")])
    #expect(task.sourceLength == 512)
    #expect(task.selection == .squadExactMatch)
  }

  @Test("what a model copies from a padded context is exactly right")
  func exactMatch() throws {
    let answer = try #require(NewsQA().records(from: Self.file).first?.answer)
    guard case .text(let target, let accepted?) = answer else {
      Issue.record("expected a text with accepted answers")
      return
    }
    for output in [target, "U . S .", "the U . S"] {
      let prediction = Prediction(output, references: accepted)
      #expect(Metric.squadExactMatch.score([prediction]) == 1)
    }
  }

  @Test("the two files of an MRQA set have names of their own", arguments: tasks)
  func names(_ task: any PublishedDataset) {
    #expect(Set(task.sources.map(\.name)) == Set(task.paths.values))
  }

  static let article =
    #"{"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "It's 5 m.", "qas": "#
    + #"[{"id": "1", "question": "How long?", "answers": [{"answer_start": 5, "text": "5 m"}, "#
    + #"{"answer_start": 0, "text": "It's \"5\" m\\"}]}]}]}]}"#

  @Test("SQuAD trains on the first answer and accepts all of them")
  func squad() throws {
    #expect(
      try SQuAD().sources(from: Self.article) == ["question: How long ?  context: It ' s 5 m . "])
    #expect(
      try SQuAD().records(from: Self.article).map(\.answer) == [
        .text("5 m", accepted: ["5 m", #"It ' s " 5 " m \ "#])
      ])
  }

  @Test("as published, the target of SQuAD is a printed dictionary")
  func squadAsPublished() throws {
    // As Python prints {'text': […], 'answer_start': […]}, padded.
    let target =
      #" { ' text ' : [ ' 5 m ' , ' It \ ' s " 5 " m \ \ ' ] , ' answer _ start ' : [ 5 , 0 ] } "#
      .replacing("answer _ start", with: "answer_start")
    #expect(
      try SQuAD().records(from: Self.article, as: .asPublished).map(\.answer) == [.text(target)])
  }

  @Test(
    "texts are quoted as Python quotes them",
    arguments: [
      ("plain", "'plain'"), ("it's", "\"it's\""), ("it's \"so\"", #"'it\'s "so"'"#),
      ("a\\b\n\t\r", #"'a\\b\n\t\r'"#), ("\u{A0}\u{7F}é", #"'\xa0\x7fé'"#),
      ("\u{200B}\u{2028}", #"'\u200b\u2028'"#), ("\u{E0001}", #"'\U000e0001'"#), ("😀", "'😀'"),
    ])
  func pythonText(_ text: String, _ expected: String) throws {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let file =
      #"{"data": [{"paragraphs": [{"context": "c", "qas": [{"question": "q", "answers": "#
      + #"[{"text": \#(quoted), "answer_start": 0}]}]}]}]}"#
    let record = try #require(try SQuAD().records(from: file, as: .asPublished).first)
    let padded = try #require(
      try NewsQA().records(
        from: #"{"context": "", "qas": [{"question": "", "answers": [\#(try json(expected))]}]}"#
      ).first)
    guard case .text(let target, _) = record.answer, case .text(let inner, _) = padded.answer else {
      Issue.record("expected texts")
      return
    }
    #expect(target == " { ' text ' : [\(inner)] , ' answer_start ' : [ 0 ] } ")
  }

  private func json(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var dataset: any PublishedDataset
    var text: String
    var message: String
    var testDescription: String { message }
  }

  static let faults = [
    Fault(
      dataset: NewsQA(),
      text: #"{"header": {}}"# + "\n"
        + #"{"context": "c", "qas": [{"question": "q", "answers": []}]}"#,
      message: ":2: field 'qas.[0].answers': expected at least one answer, found an empty list"),
    Fault(
      dataset: HotpotQA(), text: #"{"qas": []}"#,
      message: ":1: field 'context': expected this field, found none"),
    Fault(
      dataset: SearchQA(), text: #"{"context": "c", "qas": [{"question": "q", "answers": "a"}]}"#,
      message: ":1: field 'qas.[0].answers': expected a list, found a string"),
    Fault(
      dataset: SQuAD(), text: "{\"data\": [\n  {\"paragraphs\": [{\"context\": \"c\"}]}]}",
      message: ":2:3: field 'data.[0].paragraphs.[0].qas': expected this field, found none"),
    Fault(
      dataset: SQuAD(),
      text:
        #"{"data": [{"paragraphs": [{"context": "c", "qas": [{"question": "q", "#
        + #""answers": []}]}]}]}"#,
      message: ":1:11: field 'data.[0].paragraphs.[0].qas.[0].answers': expected at least one "
        + "answer, found an empty list"),
  ]

  @Test("what is wrong is told with line and field", arguments: faults)
  func fault(_ expected: Fault) {
    #expect(expected.dataset.fault(in: expected.text) == expected.message)
  }
}
