import Backbones
import Datasets
import Training

/// Canonical descriptions of many runs: each piece of them is written once.
///
/// The text is that of `RunSpec.canonicalDescription`, which a test compares it with.
package struct RunDescriptions {
  package private(set) var pieces = SpecPieces()
  private var backbones: [Int: String] = [:]
  private var datasets: [Int: String] = [:]
  private var preparations: [Int: String] = [:]
  private var methods: [Int: String] = [:]
  private var schedules: [Schedule: String] = [:]
  private var sources: [Int: String] = [:]

  /// A schedule is written with the mixing of several tasks or without any.
  private struct Schedule: Hashable {
    var place: Int
    var hasTasks: Bool
  }

  private let isNormalizing: Bool

  /// - Parameter isNormalizing: whether equal runs are to have equal texts; otherwise a run is
  ///   written as it encodes itself.
  package init(isNormalizing: Bool = true) { self.isNormalizing = isNormalizing }

  package mutating func row(of spec: RunSpec) -> SpecPieces.Row { pieces.row(of: spec) }

  /// The description of a run up to its seed.
  ///
  /// - Throws: where a number of it is not finite.
  package mutating func beginning(of row: SpecPieces.Row) throws -> String {
    let names = pieces.datasets(row)
    var text = #"{"backbone":"#
    text += backbones.text(row.backbone) { .string(pieces.backbone(row).rawValue) }
    text += datasets.text(row.datasets, quoted: names.count == 1 ? "dataset" : "datasets") {
      names.count == 1 ? .string(names[0].rawValue) : .array(names.map { .string($0.rawValue) })
    }
    text += try methods.text(row.method, quoted: "method", keepsNull: !isNormalizing) {
      try JSONValue(encoding: pieces.method(row))
    }
    if pieces.preparation(row) != .standard {
      text += try preparations.text(row.preparation, quoted: "preparation") {
        try JSONValue(encoding: pieces.preparation(row))
      }
    }
    let schedule = Schedule(place: row.schedule, hasTasks: names.count > 1)
    text += try schedules.text(schedule, quoted: "schedule") {
      let schedule = pieces.schedule(row)
      return try JSONValue(
        encoding: isNormalizing ? schedule.normalized(taskCount: names.count) : schedule)
    }
    return text + #","seed":"#
  }

  /// The description of a run from its seed on.
  package mutating func ending(of row: SpecPieces.Row) throws -> String {
    guard row.sources > 0 else { return "\(row.seed)}" }
    if let known = sources[row.sources] { return "\(row.seed)\(known)" }
    let parts = try pieces.sources(row).map { source in
      try beginning(of: source) + ending(of: source)
    }
    let text = ",\"sources\":[\(parts.joined(separator: ","))]}"
    sources[row.sources] = text
    return "\(row.seed)\(text)"
  }
}

extension Dictionary where Value == String {
  /// The canonical text of a piece, as a member of an object where it has a name.
  fileprivate mutating func text(
    _ key: Key, quoted name: String? = nil, keepsNull: Bool = false, _ value: () throws -> JSONValue
  ) rethrows -> String {
    if let known = self[key] { return known }
    // Members that are null would be lost: a hyperparameter that is said to be none.
    let written = try value()
    let text =
      (name.map { ",\"\($0)\":" } ?? "") + (keepsNull ? written.text : written.canonical)
    self[key] = text
    return text
  }
}
