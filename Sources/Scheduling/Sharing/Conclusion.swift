import Experiments
import Foundation
import RunStorage

/// What a scheduler tells those who helped it: what came of the plan, in
/// `home/companions/<pid>.summary`.
struct Conclusion: Codable {
  var process: ProcessIdentity
  var summary: ScheduleSummary

  /// Writes this process's down, for companions that live.
  static func leave(_ summary: ScheduleSummary, home: String) {
    let conclusion = Conclusion(process: .current, summary: summary)
    // Who does not find it looks for itself.
    try? JSONEncoder().encode(conclusion).write(
      to: URL(filePath: path(conclusion.process, home: home)), options: .atomic)
  }

  /// What a process has left; `nil` where it was stopped, or left nothing.
  static func of(_ process: ProcessIdentity, home: String) -> ScheduleSummary? {
    guard let data = FileManager.default.contents(atPath: path(process, home: home)),
      let conclusion = try? JSONDecoder().decode(Conclusion.self, from: data),
      conclusion.process == process, !conclusion.summary.wasStopped, !conclusion.summary.wasKilled
    else { return nil }
    return conclusion.summary
  }

  /// Removes what processes have left and nobody waits for any more.
  static func clear(home: String) {
    let folder = "\(home)/companions"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasSuffix(".summary") {
      let path = "\(folder)/\(name)"
      // Another experiment may begin before those who helped with this one have looked.
      if let data = FileManager.default.contents(atPath: path),
        let conclusion = try? JSONDecoder().decode(Conclusion.self, from: data),
        !Companion.living(home: home, experiment: conclusion.summary.experiment).isEmpty
      {
        continue
      }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  private static func path(_ process: ProcessIdentity, home: String) -> String {
    "\(home)/companions/\(process.pid).summary"
  }
}
