import Foundation

/// The questions of a file of VQA about some images, packed, to be found by their number.
struct VQAQuestions {
  private struct Question: Decodable {
    var question_id: Int
    var image_id: Int
    var question: String
  }

  private struct Slice {
    var start: Int
    var count: Int
  }

  private var texts: [UInt8] = []
  private var slices: [Int: Slice] = [:]

  /// - Parameter isWanted: whether questions about the image of this number are kept.
  init(_ file: URL, where isWanted: (Int) -> Bool) throws(DatasetError) {
    try JSONElements(file, "questions").elements(
      Question.self, where: "image_id", { Int($0).map(isWanted) ?? true }
    ) { (question, place) throws(DatasetError) in
      guard isWanted(question.image_id) else { return }
      let slice = Slice(start: texts.count, count: question.question.utf8.count)
      guard slices.updateValue(slice, forKey: question.question_id) == nil else {
        throw place.malformed(
          field: "question_id", "expected a number of its own, found \(question.question_id) again")
      }
      texts.append(contentsOf: question.question.utf8)
    }
  }

  /// The text of a question; `nil` where there is none, or it was taken before.
  mutating func take(_ number: Int) -> String? {
    guard let slice = slices.removeValue(forKey: number) else { return nil }
    return String(decoding: texts[slice.start..<slice.start + slice.count], as: UTF8.self)
  }

  /// The lowest number of a question that was not taken.
  var left: Int? { slices.keys.min() }
}
