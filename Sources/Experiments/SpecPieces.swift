package import Backbones
package import Datasets
package import Training

/// Values that are told apart, each with a number.
struct Interned<Value: Hashable & Sendable>: Sendable {
  private(set) var values: [Value] = []
  private var places: [Value: Int] = [:]
  private var last: Int?

  /// The number of `value`; neighbours in a plan share most of their pieces.
  mutating func place(of value: Value) -> Int {
    if let last, values[last] == value { return last }
    let place = places[value] ?? values.count
    if place == values.count {
      places[value] = place
      values.append(value)
    }
    last = place
    return place
  }
}

/// Values that runs share, each with a number.
struct InternedShared<Value: Hashable & Sendable>: Sendable {
  private var distinct = Interned<Shared<Value>>()
  /// Where a value was met before; kept with it, because an identity is free once it is gone.
  private var known: [ObjectIdentifier: (value: Shared<Value>, place: Int)] = [:]

  var values: [Shared<Value>] { distinct.values }

  /// The number of `value`, found without looking at it where it is one that was met before.
  mutating func place(of value: Shared<Value>) -> Int {
    if let known = known[value.identity] { return known.place }
    let place = distinct.place(of: value)
    known[value.identity] = (value, place)
    return place
  }
}

/// The pieces that the runs of a plan are put together from, each once.
///
/// A plan of 100,000 runs has a few methods and data sets and some thousand schedules: what is
/// checked, written and compared piece by piece costs little for each run.
package struct SpecPieces: Sendable {
  /// A run as the numbers of its pieces, and its seed.
  package struct Row: Hashable, Sendable {
    package var backbone: Int
    package var datasets: Int
    package var preparation: Int
    package var method: Int
    package var schedule: Int
    package var seed: Int
    /// Of the list of what it starts from; that of none is 0.
    package var sources: Int

    /// The same pieces whatever the seed.
    var unseeded: Row {
      var row = self
      row.seed = 0
      return row
    }

    /// The same pieces whatever the seed and the sources.
    package var trunk: Row {
      var row = unseeded
      row.sources = 0
      return row
    }
  }

  private(set) var backbones = Interned<BackboneID>()
  private(set) var datasets = Interned<[DatasetID]>()
  private(set) var preparations = InternedShared<Preparation>()
  private(set) var methods = Interned<MethodDescription>()
  private(set) var schedules = InternedShared<TrainingSchedule>()
  private var sourceLists = Interned<[RunSpec]>()
  /// The rows of each list of sources.
  private(set) var sourceRows: [[Row]] = []

  package init() { _ = sources([]) }

  /// The numbers of a run's pieces.
  package mutating func row(of spec: RunSpec) -> Row {
    Row(
      backbone: backbones.place(of: spec.backbone), datasets: datasets.place(of: spec.datasets),
      preparation: preparations.place(of: spec.sharedPreparation),
      method: methods.place(of: spec.method), schedule: schedules.place(of: spec.sharedSchedule),
      seed: spec.seed, sources: spec.sources.isEmpty ? 0 : sources(spec.sources))
  }

  private mutating func sources(_ specs: [RunSpec]) -> Int {
    let place = sourceLists.place(of: specs)
    if place == sourceRows.count {
      sourceRows.append([])
      let rows = specs.map { row(of: $0) }
      sourceRows[place] = rows
    }
    return place
  }

  /// The run of a row of these pieces.
  package func spec(_ row: Row) -> RunSpec {
    RunSpec(
      backbone: backbones.values[row.backbone], datasets: datasets.values[row.datasets],
      method: methods.values[row.method], schedule: schedules.values[row.schedule],
      seed: row.seed, sources: sourceLists.values[row.sources],
      preparation: preparations.values[row.preparation])
  }

  package func backbone(_ row: Row) -> BackboneID { backbones.values[row.backbone] }
  package func datasets(_ row: Row) -> [DatasetID] { datasets.values[row.datasets] }
  package func method(_ row: Row) -> MethodDescription { methods.values[row.method] }
  package func schedule(_ row: Row) -> TrainingSchedule { schedules.values[row.schedule].value }
  package func preparation(_ row: Row) -> Preparation { preparations.values[row.preparation].value }
  /// What it starts from.
  package func sources(_ row: Row) -> [Row] { sourceRows[row.sources] }
}
