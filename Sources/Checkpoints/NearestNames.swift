import Spelling

/// The names that differ least from a name that is missing, the nearest first.
///
/// Names count as near when at most a third of the missing name has to change.
func nearestNames(to name: String, among names: [String], limit: Int = 2) -> [String] {
  let allowed = max(2, name.utf8.count / 3)
  let near = names.compactMap { candidate -> (distance: Int, name: String)? in
    // Distances of names with far different lengths are not worth their time.
    guard abs(candidate.utf8.count - name.utf8.count) <= allowed else { return nil }
    let distance = EditDistance.between(name, candidate)
    return distance <= allowed ? (distance, candidate) : nil
  }
  return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
}
