public import Evaluation
public import Foundation

/// COCO captions: what is to be seen in an image? Splits of Karpathy and Fei-Fei.
///
/// For training, each caption of an image is an example; else each image is one. All its captions
/// are accepted. The text `image` is the name of the image's file: so far no backbone sees
/// images, so a model has no more to go by than the words of the template.
public struct COCOCaptions: PublishedDataset {
  public init() {}

  public let id: DatasetID = "coco"
  public let aliases: [DatasetID] = ["mscoco", "coco-captions"]
  public let title = "COCO"
  public let benchmark = "Vision"
  public let citation =
    "Chen et al. 2015, Microsoft COCO captions, arXiv 1504.00325; splits arXiv 1412.2306"
  public let licence = "captions CC BY 4.0; images under the terms of Flickr"
  public let metrics: [Metric] = [.cider, .bleu(4), .rougeL]
  public let sources = [KarpathySplit.archive]
  public let images = KarpathySplit.images
  public let fetchedWithAll = false
  public let splitRule = SplitRule.official
  public let paths: [Split: String] = [
    .train: KarpathySplit.path, .validation: KarpathySplit.path, .test: KarpathySplit.path,
  ]
  public let sourceLength = 20
  public let targetLength = 40

  public let wording: Template = "caption:"
  /// The image's file name.
  public let fields = ["image"]

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try KarpathySplit(file).images(of: part) { (image, place) throws(DatasetError) in
      let captions = image.sentences.map { (sentence) in
        var caption = sentence.raw.drop(while: \.isWhitespace)
        while caption.last?.isWhitespace == true { caption.removeLast() }
        return String(caption)
      }
      guard let first = captions.first else {
        throw place.malformed(
          field: "sentences", "expected at least one caption, found an empty list")
      }
      for target in part == .train ? captions : [first] {
        try take(Record(["image": image.filename], .text(target, accepted: captions)))
      }
    }
  }
}
