import Experiments
import Foundation
public import RunStorage

/// A `dept run` that found its experiment being carried out: it lends its jobs to the one that
/// writes, as long as it lives.
///
/// Known by a file, `home/companions/<pid>.json`; whether it counts follows from its process.
public struct Companion: Hashable, Sendable, Codable {
  public var process: ProcessIdentity
  public var experiment: String
  /// Runs at the same time that come with it.
  public var jobs: Int

  /// This process.
  public init(experiment: String, jobs: Int) {
    process = .current
    self.experiment = experiment
    self.jobs = jobs
  }

  /// The companions of an experiment that live; files of others are removed.
  public static func living(home: String, experiment: String) -> [Companion] {
    let folder = folder(home)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return []
    }
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      guard let data = FileManager.default.contents(atPath: path),
        let companion = try? JSONDecoder().decode(Companion.self, from: data)
      else { return nil }
      guard companion.process.isAlive else {
        try? FileManager.default.removeItem(atPath: path)
        return nil
      }
      return companion.experiment == experiment ? companion : nil
    }
  }

  /// Makes this process known as a companion.
  func announce(home: String) throws(ScheduleError) {
    let path = Self.path(home, process.pid)
    do {
      try FileManager.default.createDirectory(
        atPath: Self.folder(home), withIntermediateDirectories: true)
      try JSONEncoder().encode(self).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// This process helps no longer.
  func withdraw(home: String) {
    try? FileManager.default.removeItem(atPath: Self.path(home, process.pid))
  }

  private static func folder(_ home: String) -> String { "\(home)/companions" }
  private static func path(_ home: String, _ pid: Int) -> String {
    "\(folder(home))/\(pid).json"
  }
}
