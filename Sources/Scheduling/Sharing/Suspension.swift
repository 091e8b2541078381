import Foundation

/// Whether an experiment is paused: a file, `home/paused/<experiment>`, so that it stays so whoever
/// is killed.
public struct Suspension: Sendable {
  private let folder: String
  private let path: String

  public init(home: String, experiment: String) {
    folder = "\(home)/paused"
    let name = experiment.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
    path = "\(folder)/\(name ?? experiment)"
  }

  /// Whether nothing of it may be started.
  public var isOn: Bool { access(path, F_OK) == 0 }

  public func begin() throws(ScheduleError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: path))
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }

  public func end() throws(ScheduleError) {
    guard unlink(path) != 0, errno != ENOENT else { return }
    throw .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}
