import Experiments
import Foundation
import TensorEngine

extension RunProvenance {
  /// This program, machine and working tree.
  ///
  /// - Parameters:
  ///   - experiment: the path of the experiment's file, whose commit counts.
  ///   - threads: of each worker.
  static func here(experiment: String, threads: Int) -> RunProvenance {
    var provenance = RunProvenance()
    provenance.version = Version.current
    provenance.machine = machine(threads: threads)
    provenance.engine = Engine.semanticsVersion
    provenance.commit = commit(of: experiment)
    return provenance
  }

  /// What decides how fast runs are here: system, processor, threads of each, and kernels.
  static func machine(threads: Int) -> String {
    "\(system), \(processor), \(threads) thread\(threads == 1 ? "" : "s"), "
      + ProductKernels.current.name
  }

  private static var system: String {
    let release = FileManager.default.contents(atPath: "/etc/os-release") ?? Data()
    return value(of: "PRETTY_NAME=", in: release)
      ?? ProcessInfo.processInfo.operatingSystemVersionString
  }

  private static var processor: String {
    let list = FileHandle(forReadingAtPath: "/proc/cpuinfo")
    let head = (try? list?.read(upToCount: 4096)) ?? Data()
    return value(of: "model name", in: head) ?? "unknown processor"
  }

  /// What stands after the first line's `key`, without `:`, `=` and quotes.
  private static func value(of key: String, in text: Data) -> String? {
    String(decoding: text, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix(key) }
      .map { line in
        line.dropFirst(key.count).trimmingCharacters(in: CharacterSet(charactersIn: " \t:=\""))
      }
  }

  /// The commit of the working tree that `path` lies in, `+` at its end where anything in it has
  /// changed or `path` itself is not part of it; empty without git.
  private static func commit(of path: String) -> String {
    let file = URL(filePath: path)
    let folder = file.deletingLastPathComponent().path
    let commit = git(
      folder, "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*")
    guard let commit, !commit.hasSuffix("+") else { return commit ?? "" }
    let isTracked = git(folder, "ls-files", "--error-unmatch", file.lastPathComponent) != nil
    return isTracked ? commit : commit + "+"
  }

  /// What git prints; `nil` where it fails or is missing.
  private static func git(_ folder: String, _ arguments: String...) -> String? {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "-C", folder] + arguments
    let output = Pipe()
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return nil }
    let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
