import Foundation
import Testing

/// The runs and axes that `dept plan --json` printed, read by their fields.
struct PlannedRuns {
  let runs: [[String: Any]]
  /// For every axis, how many runs have each of its values.
  let axes: [String: [String: Int]]

  init(_ plan: [String: Any]) throws {
    runs = try #require(plan["runs"] as? [[String: Any]])
    var axes: [String: [String: Int]] = [:]
    for axis in try #require(plan["axes"] as? [[String: Any]]) {
      let values = try #require(axis["values"] as? [[String: Any]])
      axes[try #require(axis["name"] as? String)] = Dictionary(
        uniqueKeysWithValues: try values.map {
          (try #require($0["value"] as? String), try #require($0["runs"] as? Int))
        })
    }
    self.axes = axes
  }

  var ids: [String] { runs.compactMap { $0["id"] as? String } }

  private func specs(_ places: Range<Int>) -> [[String: Any]] {
    runs[places].compactMap { $0["spec"] as? [String: Any] }
  }

  func seeds(_ places: Range<Int>) -> [Int] { specs(places).compactMap { $0["seed"] as? Int } }

  /// A field of the schedule of those runs that have it.
  func schedule(_ name: String, _ places: Range<Int>) -> [Double] {
    specs(places).compactMap { ($0["schedule"] as? [String: Any])?[name] as? Double }
  }

  /// A hyperparameter of those runs whose method has it.
  func hyperparameter(_ name: String, _ places: Range<Int>) -> [Int] {
    specs(places).compactMap { spec in
      let method = spec["method"] as? [String: Any]
      return (method?["hyperparameters"] as? [String: Any])?[name] as? Int
    }
  }
}
