public import Backbones
public import Datasets
public import Training

/// One run: everything that determines its result, and nothing else.
public struct RunSpec: Hashable, Sendable {
  /// The frozen model.
  public var backbone: BackboneID
  /// What is learnt, and what the scores are measured on: one data set as a rule; several are the
  /// tasks of a multi-task run, in the order that its method counts them in.
  public var datasets: [DatasetID]
  /// How the items of the data sets become examples; as a rule as the data sets have it.
  public var preparation: Preparation {
    get { sharedPreparation.value }
    set { sharedPreparation.value = newValue }
  }
  /// What is trained, and where it acts.
  public var method: MethodDescription
  /// How it is trained.
  public var schedule: TrainingSchedule {
    get { sharedSchedule.value }
    set { sharedSchedule.value = newValue }
  }
  /// The seed of initialisation, order, dropout and few-shot sampling.
  public var seed: Int
  /// The runs whose adapters it starts from; as a rule none.
  public var sources: [RunSpec]
  /// In a report that shows one task of a multi-task run: all that it was trained on together. No
  /// part of the run's description.
  package var together: [DatasetID] = []

  private(set) var sharedPreparation: Shared<Preparation>
  private(set) var sharedSchedule: Shared<TrainingSchedule>

  private static let standardPreparation = Shared(Preparation.standard)

  public init(
    backbone: BackboneID, datasets: [DatasetID], method: MethodDescription,
    schedule: TrainingSchedule, seed: Int, sources: [RunSpec] = [],
    preparation: Preparation = .standard
  ) {
    self.init(
      backbone: backbone, datasets: datasets, method: method, schedule: Shared(schedule),
      seed: seed, sources: sources,
      preparation: preparation == .standard ? Self.standardPreparation : Shared(preparation))
  }

  init(
    backbone: BackboneID, datasets: [DatasetID], method: MethodDescription,
    schedule: Shared<TrainingSchedule>, seed: Int, sources: [RunSpec],
    preparation: Shared<Preparation>
  ) {
    self.backbone = backbone
    self.datasets = datasets
    sharedPreparation = preparation
    self.method = method
    sharedSchedule = schedule
    self.seed = seed
    self.sources = sources
  }

  public init(
    backbone: BackboneID, dataset: DatasetID, method: MethodDescription,
    schedule: TrainingSchedule, seed: Int, sources: [RunSpec] = [],
    preparation: Preparation = .standard
  ) {
    self.init(
      backbone: backbone, datasets: [dataset], method: method, schedule: schedule, seed: seed,
      sources: sources, preparation: preparation)
  }

  /// The data set; of a multi-task run the names of all, as in `rte+sst2`.
  public var dataset: DatasetID {
    get {
      datasets.count == 1
        ? datasets[0] : DatasetID(rawValue: datasets.map(\.rawValue).joined(separator: "+"))
    }
    set { datasets = [newValue] }
  }

  /// A short name for people: `dept on rte, seed 1`; with the draw of few examples and the wording
  /// where a run has its own.
  public var name: String {
    var name = "\(method.name) on \(dataset), seed \(seed)"
    if let draw = schedule.fewShotSeed { name += ", draw \(draw)" }
    if preparation.form == .asPublished { name += ", as published" }
    if let template = preparation.template { name += ", '\(template.text)'" }
    return name
  }
}

extension RunSpec: Codable {
  private enum Key: String, CodingKey {
    case backbone, dataset, datasets, preparation, method, schedule, seed, sources
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      backbone: try container.decode(BackboneID.self, forKey: .backbone),
      datasets: try container.decodeIfPresent([DatasetID].self, forKey: .datasets)
        ?? [container.decode(DatasetID.self, forKey: .dataset)],
      method: try container.decode(MethodDescription.self, forKey: .method),
      schedule: try container.decode(TrainingSchedule.self, forKey: .schedule),
      seed: try container.decode(Int.self, forKey: .seed),
      sources: try container.decodeIfPresent([RunSpec].self, forKey: .sources) ?? [],
      preparation: try container.decodeIfPresent(Preparation.self, forKey: .preparation)
        ?? .standard)
  }

  /// One data set is written under `dataset`, several under `datasets`; no sources and the data
  /// sets' own preparation are not written at all: such a run is written, and so identified, as
  /// before there were any.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(backbone, forKey: .backbone)
    if datasets.count == 1 {
      try container.encode(datasets[0], forKey: .dataset)
    } else {
      try container.encode(datasets, forKey: .datasets)
    }
    if preparation != .standard { try container.encode(preparation, forKey: .preparation) }
    try container.encode(method, forKey: .method)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(seed, forKey: .seed)
    if !sources.isEmpty { try container.encode(sources, forKey: .sources) }
  }
}

extension RunSpec {
  /// This run and all that it starts from, each changed by `change`.
  package func mapped(_ change: (inout RunSpec) -> Void) -> RunSpec {
    var spec = self
    spec.sources = sources.map { $0.mapped(change) }
    change(&spec)
    return spec
  }
}
