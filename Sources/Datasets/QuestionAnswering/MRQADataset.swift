public import Evaluation
public import Foundation

/// A data set of the MRQA 2019 shared task (arXiv 1910.09753): they differ in where they come from.
public protocol MRQADataset: PublishedDataset {}

extension MRQADataset {
  public var benchmark: String { "MRQA" }
  public var metrics: [Metric] { [.squadF1, .squadExactMatch] }
  /// The paper's code selects on exact match and reports F1.
  public var selection: Metric { .squadExactMatch }
  public var splitRule: SplitRule { .large() }
  public var paths: [Split: String] { MRQA.paths }
  public var sourceLength: Int { 512 }
  public var publishedDifference: String? { MRQA.publishedDifference }
  public var wording: Template { ExtractiveQA.wording }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try MRQA.read(file, as: form, take)
  }
}
