/// The names that differ least from a name that is missing, the nearest first.
///
/// Names count as near when at most a third of the missing name has to change.
func nearestNames(to name: String, among names: [String], limit: Int = 2) -> [String] {
  let wanted = Array(name.utf8)
  let near = names.compactMap { candidate -> (distance: Int, name: String)? in
    let bytes = Array(candidate.utf8)
    // Distances of names with far different lengths are not worth their time.
    guard abs(bytes.count - wanted.count) <= max(2, wanted.count / 3) else { return nil }
    let distance = editDistance(wanted, bytes)
    return distance <= max(2, wanted.count / 3) ? (distance, candidate) : nil
  }
  return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
}

/// How many bytes must be inserted, removed or replaced to turn one name into the other.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var previous = Array(0...b.count)
  for (row, byte) in a.enumerated() {
    var current = [row + 1]
    current.reserveCapacity(previous.count)
    for (column, other) in b.enumerated() {
      current.append(
        min(
          previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
      )
    }
    previous = current
  }
  return previous[b.count]
}
