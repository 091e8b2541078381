import Spelling

/// The names that were plausibly meant by a misspelt one.
public enum NameDistance {
  /// At most three names that plausibly were meant, nearest first.
  public static func nearest(to name: String, among names: [String]) -> [String] {
    let wanted = name.lowercased()
    let allowed = (wanted.count + 1) / 2
    let scored = names.enumerated().map { place, name in
      (distance: EditDistance.between(wanted, name.lowercased()), place: place, name: name)
    }
    .filter { $0.distance <= allowed }
    .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
    return scored.prefix(3).map(\.name)
  }
}
