/// How far apart two names are, to offer the nearest one for a misspelt one.
public enum NameDistance {
  /// At most three names that plausibly were meant, nearest first.
  public static func nearest(to name: String, among names: [String]) -> [String] {
    let wanted = name.lowercased()
    let allowed = (wanted.count + 1) / 2
    let scored = names.enumerated().map { (place: $0.offset, name: $0.element) }
      .map { (distance: between(wanted, $0.name.lowercased()), place: $0.place, name: $0.name) }
      .filter { $0.distance <= allowed }
      .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
    return scored.prefix(3).map(\.name)
  }

  /// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`.
  static func between(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
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
