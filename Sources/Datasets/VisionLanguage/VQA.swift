public import Evaluation
public import Foundation

/// VQA v2: short answers to questions about images of COCO; splits of Karpathy and Fei-Fei.
///
/// The target is the answer that most of the ten people gave (VL-T5 draws one of the ten in each
/// epoch instead); all ten are accepted. The text `image` is the name of the image's file: so far
/// no backbone sees images, so a model has no more to go by than the question.
public struct VQA: PublishedDataset {
  public init() {}

  public let id: DatasetID = "vqa"
  public let aliases: [DatasetID] = ["vqa-v2", "vqav2"]
  public let title = "VQA v2"
  public let benchmark = "Vision"
  public let citation =
    "Goyal et al. 2017, Making the V in VQA matter, arXiv 1612.00837; splits arXiv 1412.2306"
  public let licence = "questions and answers CC BY 4.0; images under the terms of Flickr"
  public let metrics: [Metric] = [.vqa]
  public let sources =
    ["Questions_Train", "Questions_Val", "Annotations_Train", "Annotations_Val"].map {
      RemoteFile("https://s3.amazonaws.com/cvmlp/vqa/mscoco/vqa/v2_\($0)_mscoco.zip", .archive)
    } + [KarpathySplit.archive]
  public let images = KarpathySplit.images
  public let fetchedWithAll = false
  public let splitRule = SplitRule.official
  public let paths: [Split: String] = [
    .train: KarpathySplit.path, .validation: KarpathySplit.path, .test: KarpathySplit.path,
  ]
  public let companions = VQA.folders.flatMap { [questions(of: $0), annotations(of: $0)] }
  public let sourceLength = 20
  public let targetLength = 10

  public let wording: Template = "vqa: {question}"
  /// Beside the question, the image's file name.
  public let fields = ["question", "image"]

  private static let folders = ["train2014", "val2014"]

  private static func questions(of folder: String) -> String {
    "v2_OpenEnded_mscoco_\(folder)_questions.json"
  }

  private static func annotations(of folder: String) -> String {
    "v2_mscoco_\(folder)_annotations.json"
  }

  private struct Annotation: Decodable {
    var question_id: Int
    var image_id: Int
    var multiple_choice_answer: String
    var answers: [Answer]
  }

  private struct Answer: Decodable { var answer: String }

  /// Records come in the order of the annotations, those of the training images first.
  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var names: [Int: String] = [:]
    var folders: Set<String> = []
    try KarpathySplit(file).images(of: part) { (image, _) throws(DatasetError) in
      names[image.cocoid] = image.filename
      folders.insert(image.filepath)
    }
    let home = file.deletingLastPathComponent()
    for folder in VQA.folders where folders.contains(folder) {
      let questionFile = home.appending(path: VQA.questions(of: folder))
      let annotationFile = home.appending(path: VQA.annotations(of: folder))
      var questions = try VQAQuestions(questionFile) { names[$0] != nil }
      try JSONElements(annotationFile, "annotations").elements(
        Annotation.self, where: "image_id", { Int($0).map { names[$0] != nil } ?? true }
      ) { (annotation, place) throws(DatasetError) in
        guard let image = names[annotation.image_id] else { return }
        let number = annotation.question_id
        guard let question = questions.take(number) else {
          throw place.malformed(
            field: "question_id",
            "expected a question of \(questionFile.lastPathComponent) about the image "
              + "\(annotation.image_id), each once, found \(number)")
        }
        guard !annotation.answers.isEmpty else {
          throw place.malformed(
            field: "answers", "expected at least one answer, found an empty list")
        }
        let answer = Record.Answer.text(
          annotation.multiple_choice_answer, accepted: annotation.answers.map(\.answer))
        try take(Record(["question": question, "image": image], answer))
      }
      if let number = questions.left {
        throw .malformed(
          path: annotationFile.path, line: 1, field: "annotations",
          "expected answers to the question \(number) of \(questionFile.lastPathComponent), found "
            + "none: fetch the data set again")
      }
    }
  }
}
