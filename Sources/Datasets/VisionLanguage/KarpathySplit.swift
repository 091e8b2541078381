import Foundation

/// The images of COCO 2014 with their captions, in the parts that Karpathy and Fei-Fei (arXiv
/// 1412.2306) made of them: `dataset_coco.json`.
struct KarpathySplit {
  static let archive = RemoteFile(
    "http://cs.stanford.edu/people/karpathy/deepimagesent/caption_datasets.zip", .archive)
  static let path = "dataset_coco.json"
  /// The published images: 13 GB and 6 GB.
  static let images = ["train2014", "val2014"].map {
    RemoteFile("http://images.cocodataset.org/zips/\($0).zip", .archive)
  }

  struct Image: Decodable {
    /// The folder of the image: `train2014` or `val2014`.
    var filepath: String
    var filename: String
    var split: String
    var cocoid: Int
    var sentences: [Sentence]
  }

  struct Sentence: Decodable { var raw: String }

  var file: URL

  init(_ file: URL) { self.file = file }

  /// Calls `take` with each image of a part; `restval` counts as training, as is usual.
  func images(
    of part: Split, _ take: (Image, JSONElementPlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let parts: [String: Split] = [
      "train": .train, "restval": .train, "val": .validation, "test": .test,
    ]
    let others = parts.filter { $0.value != part }.map { "\"\($0.key)\"" }
    try JSONElements(file, "images").elements(
      Image.self, where: "split", { !others.contains($0) }
    ) { (image, place) throws(DatasetError) in
      guard let found = parts[image.split] else {
        throw place.malformed(
          field: "split", "expected one of train, restval, val, test, found '\(image.split)'")
      }
      if found == part { try take(image, place) }
    }
  }
}
