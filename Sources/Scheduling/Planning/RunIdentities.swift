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
  private var descriptions = RunDescriptions()
  private var entries: [SpecPieces.Row: Entry] = [:]
  /// What runs with the same pieces share but for seed and sources.
  private var trunks: [SpecPieces.Row: Trunk] = [:]
  private var last: (row: SpecPieces.Row, trunk: Trunk)?

  /// Hashing begins with what many runs share, so that each costs a block or two.
  private struct Trunk {
    var dataDigest: String
    var backboneDigest: String
    var hash: SHA256
  }

  init(_ digests: PlanDigests) { self.digests = digests }

  /// What is known of a run.
  ///
  /// - Throws: what its data or backbone lack, or those of its sources.
  mutating func entry(of spec: RunSpec) throws -> Entry {
    try entry(of: descriptions.row(of: spec), spec)
  }

  private mutating func entry(of row: SpecPieces.Row, _ spec: RunSpec) throws -> Entry {
    // A plan lists each run once: only what others start from is asked for again.
    if let known = entries[row] { return known }
    var sources: [RunID] = []
    for (source, row) in zip(spec.sources, descriptions.pieces.sources(row)) {
      let entry = try entry(of: row, source)
      entries[row] = entry
      sources.append(entry.id)
    }
    let trunk = try trunk(of: row, spec)
    var hash = trunk.hash
    hash.update(text: try descriptions.ending(of: row))
    hash.update(text: "\n")
    hash.update(
      text: ResolvedPlan.context(
        dataDigest: trunk.dataDigest, backboneDigest: trunk.backboneDigest, sources: sources))
    return Entry(
      id: RunID(rawValue: hash.finalize().hexadecimal), dataDigest: trunk.dataDigest,
      backboneDigest: trunk.backboneDigest, sources: sources)
  }

  private mutating func trunk(of row: SpecPieces.Row, _ spec: RunSpec) throws -> Trunk {
    let key = row.trunk
    if let last, last.row == key { return last.trunk }
    if let known = trunks[key] {
      last = (key, known)
      return known
    }
    let data = PlanDigests.combined(try spec.datasets.map { try digest(of: $0) })
    var trunk = Trunk(
      dataDigest: data, backboneDigest: try digest(of: spec.backbone), hash: SHA256())
    trunk.hash.update(text: try descriptions.beginning(of: row))
    trunks[key] = trunk
    last = (key, trunk)
    return trunk
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

extension SHA256 {
  fileprivate mutating func update(text: String) {
    var text = text
    text.withUTF8 { update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }
}
