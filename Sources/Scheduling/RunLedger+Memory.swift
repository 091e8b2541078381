import Backbones
import Experiments
import RunStorage

extension RunLedger {
  /// What decides how much memory a run needs, as far as runs like it can tell.
  private static let fields = ["backbone", "dataset", "method", "batchSize", "batchTokens"]

  /// What the runs of a queue need, going by what the store has of others.
  func admission(for queue: [RunID], jobs: Int) throws -> MemoryAdmission {
    // Backbones keep their workers only where the order is nobody's wish.
    let mayReorder = order == .planned
    var weights: [BackboneID: Int] = [:]
    var footprints: [RunID: MemoryAdmission.Footprint] = [:]
    for id in queue {
      guard let run = run(id) else { continue }
      let backbone = run.spec.backbone
      let bytes = weights[backbone] ?? setup.weightBytes(backbone)
      weights[backbone] = bytes
      footprints[id] = MemoryAdmission.Footprint(
        kind: Self.kind(Self.fields.map { run.spec.field($0)?.plainText ?? "" }),
        backbone: backbone.rawValue, weights: bytes)
    }
    return MemoryAdmission(
      footprints: footprints, peaks: jobs > 1 ? try peaks() : [:], mayReorder: mayReorder)
  }

  private static func kind(_ values: [String]) -> String { values.joined(separator: "\u{1f}") }

  /// The most that runs of each kind were seen to have; what other trackers say counts for nothing.
  private func peaks() throws -> [String: Int] {
    let columns = Self.fields.map { field in
      ["backbone", "dataset", "method"].contains(field)
        ? field : "json_extract(schedule, '$.\(field)')"
    }.joined(separator: ", ")
    let table = try writer.store.query(
      """
      SELECT max(peak_bytes), \(columns) FROM v_runs
      WHERE peak_bytes > 0
        AND id NOT IN (SELECT run.id FROM origin JOIN run ON run.key = origin.run)
      GROUP BY \(columns)
      """)
    var peaks: [String: Int] = [:]
    for row in table.rows {
      guard case .integer(let bytes)? = row.first else { continue }
      let kind = Self.kind(row.dropFirst().map { $0 == .null ? "" : $0.plainText })
      peaks[kind] = max(peaks[kind, default: 0], bytes)
    }
    return peaks
  }
}
