public import Backbones
import Crypto
public import Datasets
public import Experiments
import Foundation
import TensorEngine

/// Where the digests of what a run reads come from; both may be asked for the same thing once only.
public struct PlanDigests: Sendable {
  /// SHA-256 of a data set's prepared files.
  public var data: @Sendable (DatasetID) throws -> String
  /// SHA-256 of a backbone's weights and configuration.
  public var backbone: @Sendable (BackboneID) throws -> String

  public init(
    data: @escaping @Sendable (DatasetID) throws -> String,
    backbone: @escaping @Sendable (BackboneID) throws -> String
  ) {
    self.data = data
    self.backbone = backbone
  }
}

/// A planned run with its identity.
public struct ResolvedRun: Hashable, Sendable {
  public var id: RunID
  public var spec: RunSpec
  public var dataDigest: String
  public var backboneDigest: String
  public var location: SourceLocation?
  /// The runs whose adapters it starts from, in the order of `spec.sources`.
  public var sources: [RunID] = []
  /// Whether it is only there because other runs start from it.
  public var isSource = false
  /// Higher comes first.
  public var priority = 0
  /// The search that it is a candidate of.
  public var search: PlanSearch?
  /// The group that it is pruned in.
  public var bracket: PlanBracket?
  /// The search that its configuration won.
  public var selection: RunSelection?
}

/// A plan whose runs have identities: what a scheduler takes.
public struct ResolvedPlan: Hashable, Sendable {
  public var experiment: String
  /// In the order of the plan; a run that it lists twice is here once, and whatever a run starts
  /// from is here as well.
  public var runs: [ResolvedRun]
  /// What keeps runs from having an identity: data or backbones that are not there.
  public var issues: [PlanIssue]
  /// The order in which runs are started.
  public var order = RunOrder.planned

  public init(experiment: String, runs: [ResolvedRun], issues: [PlanIssue] = []) {
    self.experiment = experiment
    self.runs = runs
    self.issues = issues
  }

  /// Gives every run of `plan` its identity.
  public init(_ plan: RunPlan, experiment: String, digests: PlanDigests) {
    self.init(experiment: experiment, runs: [], issues: plan.issues)
    order = plan.order
    var identities = RunIdentities(digests)
    var places: [RunID: Int] = [:]
    runs.reserveCapacity(plan.runs.count)
    places.reserveCapacity(plan.runs.count)
    var knownIssues = Set(issues)
    for planned in plan.runs { enter(planned, &identities, &places, &knownIssues) }
  }

  /// Enters a run after those that it starts from, unless it is there already.
  private mutating func enter(
    _ planned: PlannedRun, _ identities: inout RunIdentities, _ places: inout [RunID: Int],
    _ knownIssues: inout Set<PlanIssue>
  ) {
    for source in planned.spec.sources {
      enter(
        PlannedRun(spec: source, location: planned.location, isSource: true), &identities, &places,
        &knownIssues)
    }
    let entry: RunIdentities.Entry
    do {
      entry = try identities.entry(of: planned.spec)
    } catch {
      let issue = PlanIssue("\(error)", at: planned.location)
      if knownIssues.insert(issue).inserted { issues.append(issue) }
      return
    }
    if let place = places[entry.id] {
      // What the plan lists is more than a source, wherever it lists it.
      if !planned.isSource, runs[place].isSource {
        runs[place].isSource = false
        (runs[place].priority, runs[place].location) = (planned.priority, planned.location)
        (runs[place].search, runs[place].bracket) = (planned.search, planned.bracket)
      }
      return
    }
    places[entry.id] = runs.count
    runs.append(
      ResolvedRun(
        id: entry.id, spec: planned.spec, dataDigest: entry.dataDigest,
        backboneDigest: entry.backboneDigest, location: planned.location, sources: entry.sources,
        isSource: planned.isSource, priority: planned.priority, search: planned.search,
        bracket: planned.bracket))
  }

  /// The SHA-256 of a run's canonical description, with what it reads and what computes it.
  ///
  /// - Parameter sources: the identities of the runs that it starts from, and so what those read.
  /// - Throws: where a hyperparameter is no finite number.
  public static func identity(
    of spec: RunSpec, dataDigest: String, backboneDigest: String, sources: [RunID] = []
  ) throws -> RunID {
    let context = context(
      dataDigest: dataDigest, backboneDigest: backboneDigest, sources: sources)
    let description = try "\(spec.canonicalDescription())\n\(context)"
    return RunID(rawValue: SHA256.hash(data: Data(description.utf8)).hexadecimal)
  }

  /// What a run reads and what computes it, as canonical JSON.
  static func context(dataDigest: String, backboneDigest: String, sources: [RunID]) -> String {
    let sources = sources.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
    let text =
      #"{"backbone":"\#(backboneDigest)","data":"\#(dataDigest)","#
      + #""engine":\#(Engine.semanticsVersion)"#
    return text + (sources.isEmpty ? "}" : #","sources":[\#(sources)]}"#)
  }
}

extension Digest {
  /// Lower-case hexadecimal digits.
  var hexadecimal: String {
    let bytes = Array(self)
    return String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (index, byte) in bytes.enumerated() {
        for (place, digit) in [byte >> 4, byte & 15].enumerated() {
          text[2 * index + place] = digit + UInt8(ascii: digit < 10 ? "0" : "W")
        }
      }
      return 2 * bytes.count
    }
  }
}
