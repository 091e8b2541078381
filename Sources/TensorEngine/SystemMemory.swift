import Foundation

/// What the machine can still give this process before it kills something: the least of what is
/// free, what the control groups of the process leave, and its limit of addresses.
///
/// Pages of files count as free: the system takes them back when it needs them.
struct SystemMemory {
  /// What stands before every path; tests put files of their own there.
  var root = ""

  /// Bytes; `nil` where the system does not say (macOS).
  var availableBytes: Int? {
    [machine, newGroups, oldGroups, addresses].compactMap { $0 }.min().map { max(0, $0) }
  }

  /// Free memory, that of files included, and swap.
  private var machine: Int? {
    guard let text = text("/proc/meminfo") else { return nil }
    let fields = ProcessMemory.kibibytes(in: text)
    return fields["MemAvailable"].map { ($0 + fields["SwapFree", default: 0]) << 10 }
  }

  /// Control groups of version 2: one tree, in which every group above counts too.
  private var newGroups: Int? {
    group { $0.hasPrefix("0::") }.flatMap { path in
      left(
        in: "/sys/fs/cgroup", path, limit: "memory.max", usage: "memory.current",
        files: ["inactive_file", "active_file"])
    }
  }

  /// Control groups of version 1: a tree for memory alone.
  private var oldGroups: Int? {
    group { line in
      let parts = line.split(separator: ":")
      return parts.count == 3 && parts[1].split(separator: ",").contains("memory")
    }.flatMap { path in
      left(
        in: "/sys/fs/cgroup/memory", path, limit: "memory.limit_in_bytes",
        usage: "memory.usage_in_bytes", files: ["total_inactive_file", "total_active_file"])
    }
  }

  /// What a limit such as `ulimit -v` leaves of addresses; `nil` without one.
  var addresses: Int? {
    guard let line = text("/proc/self/limits")?.firstLine(beginning: "Max address space"),
      let limit = line.split(separator: " ").dropFirst(3).first.flatMap({ Int($0) }),
      let status = text("/proc/self/status"), let used = ProcessMemory(status: status)?.addresses
    else { return nil }
    return limit - used
  }

  /// The path of this process in the hierarchy whose line fits.
  private func group(_ fits: (Substring) -> Bool) -> String? {
    text("/proc/self/cgroup")?.split(separator: "\n").first(where: fits).flatMap {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init)
    }
  }

  /// The least that a group or one above it leaves; inside a container the path may lie above what
  /// can be seen, and then only the top counts.
  private func left(
    in tree: String, _ path: String, limit: String, usage: String, files: [String]
  ) -> Int? {
    var parts = path.split(separator: "/")
    var least: Int?
    while true {
      let folder = ([Substring(tree)] + parts).joined(separator: "/")
      if let limit = number("\(folder)/\(limit)"), let usage = number("\(folder)/\(usage)") {
        let cached = (text("\(folder)/memory.stat") ?? "").split(separator: "\n").reduce(0) {
          let field = $1.split(separator: " ")
          guard field.count == 2, files.contains(String(field[0])) else { return $0 }
          return $0 + (Int(field[1]) ?? 0)
        }
        least = min(least ?? .max, limit - usage + cached)
      }
      if parts.popLast() == nil { return least }
    }
  }

  private func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private func text(_ path: String) -> String? {
    try? String(contentsOfFile: root + path, encoding: .utf8)
  }
}

extension String {
  fileprivate func firstLine(beginning start: String) -> Substring? {
    split(separator: "\n").first { $0.hasPrefix(start) }
  }
}
