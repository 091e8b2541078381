import Spelling

/// The known name that a mistyped one most likely means.
public enum NearestName {
  /// The candidate with the fewest edits, where that is at most a third of the longer name.
  ///
  /// Case is ignored; of equally near candidates the first in the alphabet is taken.
  public static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = name.lowercased()
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.sorted() {
      let letters = candidate.lowercased()
      let distance = EditDistance.between(wanted, letters)
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
}
