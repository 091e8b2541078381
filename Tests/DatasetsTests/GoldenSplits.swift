import Foundation

/// What torch and the rule of the paper's code give: `Tests/Golden/splits.json`.
struct GoldenSplits: Decodable {
  /// A few-shot draw: the classes of all examples, a digit each, and the places chosen.
  struct FewShot: Decodable {
    var classes: String
    var count: Int
    var seed: Int
    var chosen: [Int]
  }

  var permutations: [TorchPermutationTests.Case]
  var fewShot: [FewShot]

  enum CodingKeys: String, CodingKey {
    case permutations
    case fewShot = "few_shot"
  }

  static func read() throws -> GoldenSplits {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/splits.json")
    return try JSONDecoder().decode(GoldenSplits.self, from: Data(contentsOf: file))
  }
}
