import Backbones
import Foundation
import NeuralNetworks
import TensorEngine

extension HealthCheck {
  /// What matrix products are computed with, and why.
  static func products() -> HealthCheck { .well("products", "\(ProductKernels.current)") }

  /// The worker threads of the engine.
  static func threads(_ surroundings: Surroundings) -> HealthCheck {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads = surroundings.threads
    let finding = "\(threads) of \(cores) cores"
    if threads > cores {
      return .warning(
        "threads", finding, remedy: "threads wait for each other: set DEPT_THREADS to \(cores)")
    }
    return .well("threads", finding)
  }

  /// What computes.
  static func device() -> HealthCheck { .well("device", "cpu") }

  /// The folder of store, runs and caches, and the space around it.
  static func disk(_ surroundings: Surroundings) -> HealthCheck {
    let home = surroundings.home.path
    do {
      try FileManager.default.createDirectory(
        atPath: home, withIntermediateDirectories: true)
      let probe = "\(home)/.probe-\(ProcessInfo.processInfo.processIdentifier)"
      try Data("probe".utf8).write(to: URL(filePath: probe))
      try FileManager.default.removeItem(atPath: probe)
    } catch {
      return .problem(
        "disk", "\(home) cannot be written: \(error.localizedDescription)",
        remedy: "make it writable, or choose another folder with --home or DEPT_HOME")
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: home)
    guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
      return .well("disk", "\(home) can be written")
    }
    let finding = "\(free >> 30) GiB free in \(home)"
    if free < 1 << 30 {
      return .warning("disk", finding, remedy: "checkpoints may not fit: free some space")
    }
    return .well("disk", finding)
  }

  /// Where downloads come from.
  static func downloads(_ surroundings: Surroundings) -> HealthCheck {
    if let mirror = surroundings.mirror {
      let isAddress = mirror.contains("://")
      guard isAddress || FileManager.default.fileExists(atPath: mirror) else {
        return .problem(
          "downloads", "DEPT_MIRROR names \(mirror), which is not there",
          remedy: "set DEPT_MIRROR to a folder that exists, to an address, or not at all")
      }
      return .well("downloads", "from the mirror \(mirror)")
    }
    return .well(
      "downloads", surroundings.offline ? "none: DEPT_OFFLINE=1" : "from their own hosts")
  }

  /// The backbone that ships with the program.
  static func backbone(_ surroundings: Surroundings) -> HealthCheck {
    do {
      let backbone = try LoadedBackbone(directory: surroundings.backboneDirectory(.nano))
      return .well("backbone", "nano, \(backbone.model.anatomy.scalarCount) parameters")
    } catch {
      return .problem(
        "backbone", "nano cannot be loaded: \(Failure(error).description)",
        remedy: "dept_Backbones.resources belongs beside the program: build or install it again")
    }
  }
}
