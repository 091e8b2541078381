import Backbones
import Crypto
import Datasets
public import Experiments
import TensorEngine

/// The identities of runs and what they follow from, each computed once.
struct RunIdentities {
  /// What a run's identity follows from.
  struct Entry {
    var id: RunID
    var dataDigest: String
    var backboneDigest: String
    /// The identities of the runs that it starts from.
    var sources: [RunID]
  }

  private let digests: PlanDigests
  private var data: [DatasetID: Result<String, any Error>] = [:]
  private var backbones: [BackboneID: Result<String, any Error>] = [:]
  private var entries: [RunSpec: Entry] = [:]

  init(_ digests: PlanDigests) { self.digests = digests }

  /// What is known of a run.
  ///
  /// - Throws: what its data or backbone lack, or those of its sources.
  mutating func entry(of spec: RunSpec) throws -> Entry {
    if let known = entries[spec] { return known }
    var sources: [RunID] = []
    for source in spec.sources { sources.append(try entry(of: source).id) }
    let data = PlanDigests.combined(try spec.datasets.map { try digest(of: $0) })
    let backbone = try digest(of: spec.backbone)
    let id = try ResolvedPlan.identity(
      of: spec, dataDigest: data, backboneDigest: backbone, sources: sources)
    let entry = Entry(id: id, dataDigest: data, backboneDigest: backbone, sources: sources)
    entries[spec] = entry
    return entry
  }

  private mutating func digest(of dataset: DatasetID) throws -> String {
    let result = data[dataset] ?? Result { [digests] in try digests.data(dataset) }
    data[dataset] = result
    return try result.get()
  }

  private mutating func digest(of backbone: BackboneID) throws -> String {
    let result = backbones[backbone] ?? Result { [digests] in try digests.backbone(backbone) }
    backbones[backbone] = result
    return try result.get()
  }
}

extension PlanDigests {
  /// The digest of what a run learns from: of several data sets one that follows from theirs.
  public func data(of spec: RunSpec) throws -> String {
    Self.combined(try spec.datasets.map(data))
  }

  static func combined(_ digests: [String]) -> String {
    guard digests.count != 1 else { return digests[0] }
    var hash = SHA256()
    for digest in digests { hash.update(data: Array("\(digest)\n".utf8)) }
    return hash.finalize().hexadecimal
  }
}
