public import Evaluation
public import Foundation

/// Examples to train, select and report on, and how outputs for them are judged.
///
/// A data set is one file with a conforming value and one line in `DatasetCatalogue.standard`. Data
/// sets that are downloaded conform to `PublishedDataset`, which does the loading.
public protocol Dataset: Sendable {
  /// The stable, lower-case name.
  var id: DatasetID { get }
  /// Other names it is found by.
  var aliases: [DatasetID] { get }
  /// The name as papers print it, such as `SST-2`.
  var title: String { get }
  /// The collection that tables list it under, such as `GLUE`; empty where it belongs to none.
  var benchmark: String { get }
  /// The paper it comes from, in one line.
  var citation: String { get }
  /// What is known of its licence, in one line.
  var licence: String { get }
  /// What outputs are judged by, at least one; the first is the headline of tables.
  var metrics: [Metric] { get }
  /// What the best checkpoint is chosen by on the validation split.
  var selection: Metric { get }
  /// The label names by their target texts; empty where targets are free text.
  var labels: [DatasetLabel] { get }
  /// What has to be downloaded first; empty where nothing has to.
  var sources: [RemoteFile] { get }
  /// Very large files that are only downloaded on request, such as images; as a rule none.
  var images: [RemoteFile] { get }
  /// What a model reads, unless a run says otherwise; `nil` where examples are made as texts.
  var template: Template? { get }
  /// The texts that a template can name; empty where there is no template, or any may be named.
  var fields: [String] { get }
  /// What `DataForm.asPublished` does otherwise, in one sentence; `nil` where nothing.
  var publishedDifference: String? { get }
  /// Whether `dept fetch all` brings it.
  var fetchedWithAll: Bool { get }
  /// The longest source in tokens a run uses unless it says otherwise.
  var sourceLength: Int { get }
  /// The longest target in tokens a run uses unless it says otherwise.
  var targetLength: Int { get }
  /// Raised whenever the same files give other examples (a template, a rule, a generator changed).
  var revision: Int { get }
  /// The files whose bytes, with `id` and `revision`, decide the examples; in a fixed order.
  ///
  /// - Parameter dataDirectory: the folder under which fetched data sets lie, one folder each.
  func files(in dataDirectory: URL) throws(DatasetError) -> [URL]
  /// Reads, words and splits the examples.
  ///
  /// - Parameters:
  ///   - dataDirectory: the folder under which fetched data sets lie, one folder each.
  ///   - preparation: how items become examples.
  /// - Throws: `DatasetError`, naming the file, line and field, or the command that fetches it.
  func load(
    from dataDirectory: URL, as preparation: Preparation
  ) throws(DatasetError) -> PreparedDataset
  /// The class that few-shot samples are balanced over.
  func fewShotClass(of example: Example) -> String
}

extension Dataset {
  /// The metric tables show.
  public var headline: Metric { metrics[0] }
  public var selection: Metric { metrics[0] }
  public var aliases: [DatasetID] { [] }
  public var benchmark: String { "" }
  public var labels: [DatasetLabel] { [] }
  public var sources: [RemoteFile] { [] }
  public var images: [RemoteFile] { [] }
  public var template: Template? { nil }
  public var fields: [String] { template?.fields ?? [] }
  public var publishedDifference: String? { nil }
  public var fetchedWithAll: Bool { true }
  public var sourceLength: Int { 256 }
  public var targetLength: Int { 20 }
  public var revision: Int { 1 }
  public func files(in dataDirectory: URL) throws(DatasetError) -> [URL] { [] }
  public func fewShotClass(of example: Example) -> String { example.target }

  /// Reads and splits the examples as the data set words them.
  public func load(from dataDirectory: URL) throws(DatasetError) -> PreparedDataset {
    try load(from: dataDirectory, as: .standard)
  }
}
