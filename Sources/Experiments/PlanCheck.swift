import Training
import TuningMethods

/// What is wrong with the runs of a plan, found piece by piece: a method, a schedule or a data set
/// that a thousand runs share is looked at once.
struct PlanCheck {
  private let catalogue: PlanCatalogue
  private var descriptions = RunDescriptions()
  private var found: [Question: [String]] = [:]
  private var hasNumbers: [Question: Bool] = [:]
  private var normalSchedules = Interned<Schedule>()
  private var normalMethods = Interned<String>()
  private var normalSources = Interned<[SpecPieces.Row]>()
  private var knownNormal: [Question: Int] = [:]
  /// The normal forms of rows whatever their seed, each put together once.
  private var normalRows: [SpecPieces.Row: SpecPieces.Row] = [:]
  /// Rows whatever their seed that nothing is wrong with.
  private var sound: Set<SpecPieces.Row> = []

  /// A schedule as it is identified.
  private struct Schedule: Hashable, Sendable {
    var schedule: TrainingSchedule
  }

  /// What is asked of some pieces of a run.
  private enum Question: Hashable {
    case data(datasets: Int, preparation: Int)
    case backbone(Int)
    case method(Int)
    case longestSource(method: Int, length: Int)
    case schedule(Int)
    case scheduleOfTasks(Int)
    case labels(datasets: Int)
    /// A method on a backbone, for so many tasks.
    case misfits(backbone: Int, method: Int, tasks: Int)
    /// What it starts from.
    case sources(backbone: Int, method: Int, tasks: Int, sources: Int)
    case preparation(Int)
  }

  init(_ catalogue: PlanCatalogue) { self.catalogue = catalogue }

  /// The pieces of a run.
  mutating func row(of spec: RunSpec) -> SpecPieces.Row { descriptions.row(of: spec) }

  /// The rows of what a run starts from.
  func sources(_ row: SpecPieces.Row) -> [SpecPieces.Row] { descriptions.pieces.sources(row) }

  /// Whether a run with these pieces was found to be sound before.
  func isSound(_ row: SpecPieces.Row) -> Bool { row.seed >= 0 && sound.contains(row.unseeded) }

  /// Notes that nothing is wrong with a run of these pieces.
  mutating func noteSound(_ row: SpecPieces.Row) { sound.insert(row.unseeded) }

  /// The same for two rows exactly where both are the same run.
  mutating func identity(_ row: SpecPieces.Row) -> SpecPieces.Row {
    var normal = normalRows[row.unseeded] ?? normalized(row.unseeded)
    normalRows[row.unseeded] = normal
    normal.seed = row.seed
    return normal
  }

  private mutating func normalized(_ row: SpecPieces.Row) -> SpecPieces.Row {
    var normal = row
    let pieces = descriptions.pieces
    let tasks = pieces.datasets(row).count
    normal.schedule = known(tasks > 1 ? .scheduleOfTasks(row.schedule) : .schedule(row.schedule)) {
      check in
      check.normalSchedules.place(
        of: Schedule(schedule: pieces.schedule(row).normalized(taskCount: tasks)))
    }
    normal.method = known(.method(row.method)) { check in
      // One that cannot be written is no run.
      let text = (try? JSONValue(encoding: pieces.method(row)))?.canonical
      return check.normalMethods.place(of: text ?? "\(row.method)")
    }
    if row.sources > 0 {
      let question = Question.sources(backbone: 0, method: 0, tasks: 0, sources: row.sources)
      normal.sources = known(question) { check in
        let rows = pieces.sources(row).map { check.identity($0) }
        return 1 + check.normalSources.place(of: rows)
      }
    }
    return normal
  }

  private mutating func known(
    _ question: Question, _ answer: (inout PlanCheck) -> Int
  ) -> Int {
    if let known = knownNormal[question] { return known }
    let place = answer(&self)
    knownNormal[question] = place
    return place
  }

  /// Whether every number of a run is finite, so that it has a description.
  mutating func canBeWritten(_ row: SpecPieces.Row) -> Bool {
    let pieces = descriptions.pieces
    return isFinite(.method(row.method)) { _ = try JSONValue(encoding: pieces.method(row)) }
      && isFinite(.schedule(row.schedule)) { _ = try JSONValue(encoding: pieces.schedule(row)) }
      && isFinite(.preparation(row.preparation)) {
        _ = try JSONValue(encoding: pieces.preparation(row))
      }
      && (row.sources == 0 || pieces.sources(row).allSatisfy { canBeWritten($0) })
  }

  private mutating func isFinite(_ question: Question, _ write: () throws -> Void) -> Bool {
    if let known = hasNumbers[question] { return known }
    let result = (try? write()) != nil
    hasNumbers[question] = result
    return result
  }

  /// Everything that is wrong with a run by itself, in the order of `RunSpec.problems`, and what
  /// its backbone and its sources cannot take.
  ///
  /// - Parameters:
  ///   - method: `nil` where its description could not be read.
  ///   - isDescribed: whether `row` tells the method from others.
  ///   - sources: the methods of what it starts from; asked only where they are not known.
  mutating func problems(
    _ spec: RunSpec, _ row: SpecPieces.Row, _ method: (any TuningMethod)?, isDescribed: Bool,
    sources: () -> [(any TuningMethod)?]
  ) -> [String] {
    guard isDescribed else {
      return spec.problems(with: method, knowing: catalogue) + Self.misfits(spec, method, catalogue)
        + spec.sourceProblems(with: method, sources: sources())
    }
    let catalogue = catalogue
    var problems = answer(.data(datasets: row.datasets, preparation: row.preparation)) {
      spec.dataProblems(knowing: catalogue)
    }
    problems += answer(.backbone(row.backbone)) {
      [catalogue.problem(with: spec.backbone)].compactMap(\.self)
    }
    problems += answer(.method(row.method)) { method?.issues ?? [] }
    problems += answer(.schedule(row.schedule)) { spec.schedule.problems }
    problems += answer(.longestSource(method: row.method, length: spec.schedule.sourceLength)) {
      spec.fitProblems(longestSource: method?.longestSource)
    }
    if spec.schedule.decoding == .labels {
      problems += answer(.labels(datasets: row.datasets)) {
        spec.labelProblems(knowing: catalogue)
      }
    }
    if spec.seed < 0 || spec.schedule.fewShotSeed ?? 0 < 0 { problems += spec.seedProblems }
    let tasks = max(1, spec.datasets.count)
    problems += answer(.misfits(backbone: row.backbone, method: row.method, tasks: tasks)) {
      Self.misfits(spec, method, catalogue)
    }
    let question = Question.sources(
      backbone: row.backbone, method: row.method, tasks: tasks, sources: row.sources)
    let wrong = answer(question) { spec.sourceProblems(with: method, sources: sources()) }
    // The sentences name the run.
    if !wrong.isEmpty { problems += spec.sourceProblems(with: method, sources: sources()) }
    return problems
  }

  private mutating func answer(_ question: Question, _ look: () -> [String]) -> [String] {
    if let known = found[question] { return known }
    let answer = look()
    found[question] = answer
    return answer
  }

  /// What makes the method impossible on its backbone, where that is known without fetching it.
  private static func misfits(
    _ spec: RunSpec, _ method: (any TuningMethod)?, _ catalogue: PlanCatalogue
  ) -> [String] {
    // What is wrong with the method itself is said already.
    guard let method, method.issues.isEmpty else { return [] }
    return catalogue.anatomy(of: spec.backbone).map {
      method.problems(on: $0, taskCount: max(1, spec.datasets.count)).map {
        "\(spec.backbone): \($0)"
      }
    } ?? []
  }
}
