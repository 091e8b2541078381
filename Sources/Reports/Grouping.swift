import Experiments

/// Runs sorted into places by several axes at once.
struct Grouping: Sendable {
  /// A combination of coordinates that occurs, with its words and its runs.
  struct Place: Sendable {
    var coordinates: [Coordinate]
    /// One title per axis.
    var titles: [String]
    /// In plan order.
    var runs: [FrozenRun]
  }

  /// Sorted by the first axis, then the second, …
  let places: [Place]

  init(_ runs: [FrozenRun], by axes: [Axis]) {
    let specs = runs.map(\.spec)
    var ranks: [[Coordinate: Int]] = []
    var labels: [[Coordinate: String]] = []
    for axis in axes {
      let coordinates = axis.coordinates(of: specs)
      ranks.append(
        Dictionary(
          coordinates.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first }))
      labels.append(axis.labels(coordinates))
    }
    var members: [[Int]: Place] = [:]
    for run in runs {
      let coordinates = axes.map { $0.coordinate(run.spec) }
      let key = coordinates.indices.map { ranks[$0][coordinates[$0]] ?? 0 }
      let titles = coordinates.indices.map {
        labels[$0][coordinates[$0]] ?? coordinates[$0].label
      }
      members[key, default: Place(coordinates: coordinates, titles: titles, runs: [])]
        .runs.append(run)
    }
    places = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }
}

extension [FrozenRun] {
  /// Whether `axis` has to be added to `axes`, so that a reader can tell its subject: it varies, is
  /// not among them, and no axis of the user's own tells it apart.
  ///
  /// Methods, backbones and few-shot sizes are never averaged, nor is one silently chosen over the
  /// other.
  func needs(_ axis: Axis, beside axes: [Axis]) -> Bool {
    guard axis.coordinates(of: map(\.spec)).count > 1,
      !axes.contains(where: { $0.subject != nil && $0.subject == axis.subject })
    else { return false }
    return Grouping(self, by: axes.filter { $0.subject == nil }).places.contains { place in
      axis.coordinates(of: place.runs.map(\.spec)).count > 1
    }
  }
}
