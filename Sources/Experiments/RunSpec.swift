public import Backbones
public import Datasets
public import Training

/// One run: everything that determines its result, and nothing else.
public struct RunSpec: Hashable, Sendable, Codable {
  /// The frozen model.
  public var backbone: BackboneID
  /// What is learnt, and what the scores are measured on.
  public var dataset: DatasetID
  /// What is trained, and where it acts.
  public var method: MethodDescription
  /// How it is trained.
  public var schedule: TrainingSchedule
  /// The seed of initialisation, order, dropout and few-shot sampling.
  public var seed: Int

  public init(
    backbone: BackboneID, dataset: DatasetID, method: MethodDescription,
    schedule: TrainingSchedule, seed: Int
  ) {
    self.backbone = backbone
    self.dataset = dataset
    self.method = method
    self.schedule = schedule
    self.seed = seed
  }
}
