public import Datasets
import Evaluation

/// What a reported run was chosen among: the search that its configuration won.
public struct RunSelection: Hashable, Sendable, Codable {
  /// What tells one search of a plan from another.
  public var search: String
  /// Whose scores decided.
  public var split: Split
  /// The metric that decided; `nil`: what the data set's best step is chosen by.
  public var metric: String?
  /// How many configurations there were to choose from, those that failed included.
  public var tried: Int
  /// With how many seeds each was tried.
  public var searchSeeds: Int
  /// Whether the run is one of the search itself, whose seed was asked for again.
  public var isCandidate: Bool

  public init(
    search: String, split: Split, metric: String? = nil, tried: Int, searchSeeds: Int,
    isCandidate: Bool = false
  ) {
    self.search = search
    self.split = split
    self.metric = metric
    self.tried = tried
    self.searchSeeds = searchSeeds
    self.isCandidate = isCandidate
  }
}

extension SelectionRule {
  /// What decides between runs like `spec`, higher being better; `nil` where it was not measured.
  public func merit(of spec: RunSpec, _ scores: [Split: [String: Double]]) -> Double? {
    let name = metric ?? Self.usualMetric(of: spec)
    guard let score = name.flatMap({ scores[split]?[$0] }), score.isFinite else { return nil }
    let known =
      spec.datasets.count == 1 ? try? DatasetCatalogue.standard.dataset(spec.dataset) : nil
    let judge = known?.metrics.first { $0.name.rawValue == name }
    return judge?.orientation == .lowerIsBetter ? -score : score
  }

  /// The metric that the best step of a run is chosen by.
  static func usualMetric(of spec: RunSpec) -> String? {
    guard spec.datasets.count == 1 else { return "mean" }
    return (try? DatasetCatalogue.standard.dataset(spec.dataset))?.selection.name.rawValue
  }
}
