import Datasets
import DeptTesting
import Foundation
import Testing

@Suite struct VisionLanguageTests {
  static let splits =
    #"{"images": [\#(image("train2014", 9, "train")), \#(image("val2014", 7, "restval")), "#
    + #"\#(image("val2014", 11, "val")), \#(image("val2014", 42, "test"))], "dataset": "coco"}"#

  static func image(
    _ folder: String, _ number: Int, _ split: String,
    captions: String = #"[{"raw": " One cat.\n"}, {"raw": "A \"cat\""}]"#
  ) -> String {
    #"{"filepath": "\#(folder)", "filename": "\#(number).jpg", "split": "\#(split)", "#
      + #""cocoid": \#(number), "sentences": \#(captions)}"#
  }

  @Test("each caption of an image trains; else all captions of an image are accepted together")
  func captions() throws {
    let train = try COCOCaptions().records(from: Self.splits)
    let all = ["One cat.", "A \"cat\""]
    #expect(train.map { $0.texts["image"] } == ["9.jpg", "9.jpg", "7.jpg", "7.jpg"])
    #expect(
      train.prefix(2).map(\.answer) == [
        .text("One cat.", accepted: all), .text("A \"cat\"", accepted: all),
      ])
    let test = try COCOCaptions().records(from: Self.splits, of: .test)
    #expect(test == [Record(["image": "42.jpg"], .text("One cat.", accepted: all))])
  }

  @Test("an image without captions and an unknown part are faults")
  func captionFaults() {
    let bare = #"{"images": ["# + Self.image("val2014", 1, "train", captions: "[]") + "]}"
    #expect(
      COCOCaptions().fault(in: bare)
        == ":1:13: field 'images.[0].sentences': expected at least one caption, found an empty list"
    )
    let other = "{\"images\": [\n\(Self.image("val2014", 1, "dev"))]}"
    #expect(
      COCOCaptions().fault(in: other)
        == ":2:1: field 'images.[0].split': expected one of train, restval, val, test, found 'dev'")
  }

  /// A folder with VQA's files; questions and answers come in different orders.
  private func folder(
    questions: String =
      #"{"image_id": 9, "question": "How many?", "question_id": 1}, "#
      + #"{"image_id": 9, "question": "What?", "question_id": 2}"#,
    annotations: String = annotation(2) + ", " + annotation(1)
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.splits, to: "vqa/dataset_coco.json")
    try folder.write(
      #"{"info": {"x": [1]}, "questions": [\#(questions)]}"#,
      to: "vqa/v2_OpenEnded_mscoco_train2014_questions.json")
    try folder.write(
      #"{"annotations": [\#(annotations)], "info": {}}"#,
      to: "vqa/v2_mscoco_train2014_annotations.json")
    try folder.write(
      #"{"questions": [{"image_id": 7, "question": "Seven?", "question_id": 7}, "#
        + #"{"image_id": 42, "question": "Why?", "question_id": 42}, "#
        + #"{"image_id": 11, "question": "Who?", "question_id": 11}]}"#,
      to: "vqa/v2_OpenEnded_mscoco_val2014_questions.json")
    try folder.write(
      #"{"annotations": ["#
        + [(11, 11), (42, 42), (7, 7)].map(Self.annotation)
        .joined(separator: ", ") + "]}",
      to: "vqa/v2_mscoco_val2014_annotations.json")
    return folder
  }

  static func annotation(_ question: Int) -> String { annotation(question, 9) }

  static func annotation(_ question: Int, _ image: Int) -> String {
    #"{"question_id": \#(question), "image_id": \#(image), "multiple_choice_answer": "#
      + #""\#(question)", "answers": [{"answer": "\#(question)"}, {"answer": "none"}]}"#
  }

  @Test("questions and answers are joined by number, and split by their image")
  func vqa() throws {
    let folder = try folder()
    let data = try VQA().load(from: folder.url)
    #expect(
      data[.train].map(\.source) == ["vqa: What?", "vqa: How many?", "vqa: Seven?"])
    #expect(data[.train].map(\.target) == ["2", "1", "7"])
    #expect(data[.train][0].references == ["2", "none"])
    #expect(data[.validation].map(\.source) == ["vqa: Who?"])
    #expect(data[.test].map(\.source) == ["vqa: Why?"])
  }

  @Test("the image can be named by a template")
  func image() throws {
    let folder = try folder()
    let template: Template = "{image}: {question}"
    let data = try VQA().load(from: folder.url, as: Preparation(template: template))
    #expect(data[.test].map(\.source) == ["42.jpg: Why?"])
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var questions: String?
    var annotations: String?
    var message: String
    var testDescription: String { message }
  }

  static let faults = [
    Fault(
      annotations: annotation(1),
      message: "/vqa/v2_mscoco_train2014_annotations.json:1: field 'annotations': expected answers "
        + "to the question 2 of v2_OpenEnded_mscoco_train2014_questions.json, found none: "
        + "fetch the data set again"),
    Fault(
      annotations: [annotation(1), annotation(2), annotation(1)].joined(separator: ","),
      message:
        "/vqa/v2_mscoco_train2014_annotations.json:1:248: field 'annotations.[2].question_id': "
        + "expected a question of v2_OpenEnded_mscoco_train2014_questions.json about the image 9, "
        + "each once, found 1"),
    Fault(
      annotations:
        #"{"question_id": 1, "image_id": 9, "multiple_choice_answer": "a", "answers": []}"#,
      message: "/vqa/v2_mscoco_train2014_annotations.json:1:18: field 'annotations.[0].answers': "
        + "expected at least one answer, found an empty list"),
    Fault(
      questions: #"{"image_id": 9, "question": "a", "question_id": 1},"# + "\n"
        + #"{"image_id": 9, "question": "b", "question_id": 1}"#,
      message: "/vqa/v2_OpenEnded_mscoco_train2014_questions.json:2:1: field "
        + "'questions.[1].question_id': expected a number of its own, found 1 again"),
    Fault(
      questions: #"{"image_id": "9", "question": "a", "question_id": 1}"#,
      message: "/vqa/v2_OpenEnded_mscoco_train2014_questions.json:1:36: field "
        + "'questions.[0].image_id': expected a whole number, found a string"),
  ]

  @Test("files that do not fit together are told with their place", arguments: faults)
  func fault(_ expected: Fault) throws {
    let both = (expected.questions, expected.annotations)
    let folder =
      switch both {
      case (let questions?, _): try folder(questions: questions)
      case (_, let annotations?): try folder(annotations: annotations)
      default: try folder()
      }
    let error = #expect(throws: DatasetError.self) { try VQA().load(from: folder.url) }
    let message = String("\(try #require(error))".dropFirst(folder.url.path.count))
    #expect(message == expected.message)
  }

  @Test("images are fetched on request only")
  func images() {
    for dataset in [VQA(), COCOCaptions()] as [any Dataset] {
      #expect(dataset.images.count == 2)
      #expect(!dataset.sources.contains { dataset.images.contains($0) })
    }
  }
}
