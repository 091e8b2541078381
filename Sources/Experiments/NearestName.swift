/// The known name that a mistyped one most likely means.
public enum NearestName {
  /// The candidate with the fewest edits, where that is at most a third of the longer name.
  ///
  /// Case is ignored; of equally near candidates the first in the alphabet is taken.
  public static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.sorted() {
      let letters = Array(candidate.lowercased().unicodeScalars)
      let distance = edits(from: wanted, to: letters)
      guard distance * 3 <= max(wanted.count, letters.count) else { continue }
      if distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// `; did you mean …?` with the nearest name, or `; known are …` where none is near.
  public static func hint(for name: String, among candidates: [String]) -> String {
    if let nearest = of(name, in: candidates) { return "; did you mean '\(nearest)'?" }
    return candidates.isEmpty ? "" : "; known are \(candidates.sorted().joined(separator: ", "))"
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
  private static func edits(from a: [Unicode.Scalar], to b: [Unicode.Scalar]) -> Int {
    var previous: [Int] = []
    var current = Array(0...b.count)
    for i in 0..<a.count {
      let older = previous
      previous = current
      current = [i + 1] + Array(repeating: 0, count: b.count)
      for j in 0..<b.count {
        let substituted = previous[j] + (a[i] == b[j] ? 0 : 1)
        current[j + 1] = min(substituted, previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          current[j + 1] = min(current[j + 1], older[j - 1] + 1)
        }
      }
    }
    return current[b.count]
  }
}
