import Foundation
import RunStorage

extension HealthCheck {
  /// The store of runs: whether it is whole, and what it holds.
  static func store(_ surroundings: Surroundings) -> HealthCheck {
    do {
      let store = try RunStore(home: surroundings.home.path)
      if let fault = try store.integrityFault() {
        throw StoreError.corrupt(path: "\(surroundings.home.path)/store.sqlite", detail: fault)
      }
      let experiments = try store.experiments().count
      if let network = FileSystem.network(at: surroundings.home.path) {
        return .warning(
          "store", "whole, on \(network)",
          remedy: "use it from one machine at a time, or choose a --home on a local disk: SQLite's "
            + "log is not shared between machines")
      }
      return .well("store", "whole, \(experiments) experiment\(experiments == 1 ? "" : "s")")
    } catch StoreError.missing {
      return .well("store", "none yet: nothing was run in \(surroundings.home.path)")
    } catch {
      return .problem("store", "cannot be used", remedy: Failure(error).description)
    }
  }
}
