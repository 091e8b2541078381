import Backbones
import Datasets
public import Experiments
import Training

/// A direction in which runs differ: the rows, columns, lines or panels of a cell.
public struct Axis: Sendable {
  /// The header of a column that names rows.
  public var title: String
  /// Where a run lies.
  public var coordinate: @Sendable (RunSpec) -> Coordinate
  /// Words for coordinates, given all that occur.
  var labels: @Sendable ([Coordinate]) -> [Coordinate: String]

  /// What a built-in axis tells apart; `nil` for an axis of the user's own.
  var subject: Subject?

  enum Subject: Sendable {
    case method, dataset, backbone, fewShot, tasks, sources, setting
  }

  /// An axis of your own.
  public init(_ title: String, _ coordinate: @escaping @Sendable (RunSpec) -> Coordinate) {
    self.init(nil, title, coordinate) { coordinates in
      Dictionary(coordinates.map { ($0, $0.label) }, uniquingKeysWith: { first, _ in first })
    }
  }

  private init(
    _ subject: Subject, _ title: String, _ coordinate: @escaping @Sendable (RunSpec) -> Coordinate
  ) {
    self.init(title, coordinate)
    self.subject = subject
  }

  private init(
    _ subject: Subject?, _ title: String,
    _ coordinate: @escaping @Sendable (RunSpec) -> Coordinate,
    labels: @escaping @Sendable ([Coordinate]) -> [Coordinate: String]
  ) {
    self.subject = subject
    self.title = title
    self.coordinate = coordinate
    self.labels = labels
  }

  /// The distinct places of `specs`: numbers in ascending order, anything else as first seen.
  func coordinates(of specs: [RunSpec]) -> [Coordinate] {
    var seen: Set<Coordinate> = []
    var found: [Coordinate] = []
    for spec in specs {
      let place = coordinate(spec)
      if seen.insert(place).inserted { found.append(place) }
    }
    var numbers: [Double] = []
    for place in found {
      switch place {
      case .none: continue
      case .number(let number): numbers.append(number)
      default: return found
      }
    }
    return (seen.contains(.none) ? [.none] : []) + numbers.sorted().map { .number($0) }
  }
}

extension Axis {
  /// The method with its hyperparameters: `DePT (m=40, r=45)`.
  public static let method = Axis(.method, "Method", { .method($0.method) }) { coordinates in
    MethodTitles.labels(coordinates)
  }

  /// The method alone: its hyperparameters are chosen on validation, as in the paper's tables.
  public static let methodName = Axis(.method, "Method", { .text($0.method.name) }) { coordinates in
    Dictionary(
      coordinates.map { ($0, MethodTitle.named($0.label).title) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The data set.
  public static let dataset = Axis(.dataset, "Data set", { .text($0.dataset.rawValue) }) {
    coordinates in
    Dictionary(
      coordinates.map { ($0, DatasetTitle.named($0.label).title) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The frozen model.
  public static let backbone = Axis(.backbone, "Backbone") { .text($0.backbone.rawValue) }

  /// Whether a run learns one task or several: `one task`, `3 tasks, temperature 10`.
  public static let tasks = Axis(.tasks, "Trained on") { spec in
    let count = max(spec.datasets.count, spec.together.count)
    guard count > 1 else { return .text("one task") }
    return .text("\(count) tasks, \(spec.schedule.mixing ?? .standard)")
  }

  /// The runs that a run starts from: `Prompt tuning on MNLI`; none for the method's own start.
  public static let sources = Axis(.sources, "Starts from") { spec in
    guard !spec.sources.isEmpty else { return .none }
    let names = spec.sources.map { source in
      MethodTitle.named(source.method.name).title + " on "
        + DatasetTitle.named(source.dataset.rawValue).title
    }
    return .text(names.joined(separator: ", "))
  }

  /// The learning rates: one number, or `prompt / low-rank`.
  public static let learningRates = Axis(.setting, "Learning rates") {
    .rates($0.schedule.learningRate, lowRank: $0.schedule.lowRankLearningRate)
  }

  /// The number of training examples used, where it is limited.
  public static let fewShot = Axis(.fewShot, "k") { spec in
    spec.schedule.fewShot.map { .number(Double($0)) } ?? .text("all")
  }

  /// What the model reads, where runs word it in their own way.
  public static let template = Axis(.setting, "Template") {
    .text($0.preparation.template?.text ?? "the data set's")
  }

  /// The number of prompt vectors.
  public static let promptLength = Axis(.setting, "Prompt length") { spec in
    let values = spec.method.hyperparameters
    return Coordinate(values["promptLength"] ?? values["length"])
  }

  /// The rank of a low-rank pair.
  public static let rank = Axis(.setting, "Rank") { Coordinate($0.method.hyperparameters["rank"]) }

  /// The seed: every cell is one run.
  public static let seed = Axis(.setting, "Seed") { .number(Double($0.seed)) }

  /// The optimizer steps; where they follow from epochs, these.
  public static let steps = Axis(.setting, "Steps") { spec in
    spec.schedule.epochs.map { .text("\(Coordinate.number($0).label) epochs") }
      ?? .number(Double(spec.schedule.steps))
  }

  /// The passes over the training examples, where the length of a run is said in them.
  public static let epochs = Axis(.setting, "Epochs") { spec in
    spec.schedule.epochs.map { .number($0) } ?? .none
  }

  /// What ends a run before its last step: seconds, or validations without a gain.
  public static let budget = Axis(.setting, "Ends after") { spec in
    let seconds = spec.schedule.seconds.map { "\(Coordinate.number($0).label) s" }
    let patience = spec.schedule.earlyStopping.map { "\($0.patience) validations without a gain" }
    let all = [seconds, patience].compactMap(\.self)
    return .text(all.isEmpty ? "its steps" : all.joined(separator: " or "))
  }

  /// The examples per step, or the source tokens where a step has a budget of them.
  public static let batchSize = Axis(.setting, "Batch size") { spec in
    spec.schedule.batchTokens.map { .text("\($0) tokens") }
      ?? .number(Double(spec.schedule.batchSize))
  }

  /// The arithmetic of frozen weights: `float32` or `bfloat16`.
  public static let precision = Axis(.setting, "Precision") {
    .text($0.schedule.precision.rawValue)
  }

  /// How answers are found: written (`generation`) or chosen (`labels`).
  public static let decoding = Axis(.setting, "Decoding") {
    .text(($0.schedule.decoding ?? .generation).rawValue)
  }

  /// Any hyperparameter of the method, by its Swift property name.
  public static func hyperparameter(_ name: String) -> Axis {
    Axis(.setting, name) { Coordinate($0.method.hyperparameters[name]) }
  }
}
