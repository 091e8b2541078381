/// How far apart two names are, to offer a near one for a misspelt one.
public enum EditDistance {
  /// The fewest insertions, deletions, replacements and swaps of neighbours that lead from `a` to
  /// `b`; case counts.
  public static func between(_ a: String, _ b: String) -> Int {
    let a = Array(a.unicodeScalars)
    let b = Array(b.unicodeScalars)
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      current.reserveCapacity(previous.count)
      for j in b.indices {
        var best = min(current[j], previous[j + 1]) + 1
        best = min(best, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[b.count]
  }
}
