/// The lines in which two texts differ, as `- 12: old` and `+ 12: new`.
struct LineDifferences {
  /// Longer texts are only told apart.
  private static let longest = 5000
  /// So many lines are shown.
  private static let shown = 60

  let lines: [String]

  init(_ first: String, _ second: String) {
    let old = first.split(separator: "\n", omittingEmptySubsequences: false)
    let new = second.split(separator: "\n", omittingEmptySubsequences: false)
    guard first != second, old.count <= Self.longest, new.count <= Self.longest else {
      lines = first == second ? [] : ["\(old.count) lines and \(new.count) lines"]
      return
    }
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [String] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if removed.contains(i) {
        lines.append("- \(i + 1): \(old[i])")
        i += 1
      } else if inserted.contains(j) {
        lines.append("+ \(j + 1): \(new[j])")
        j += 1
      } else {
        i += 1
        j += 1
      }
    }
    let rest = lines.count - Self.shown
    self.lines = rest > 0 ? lines.prefix(Self.shown) + ["… \(rest) more lines"] : lines
  }
}
