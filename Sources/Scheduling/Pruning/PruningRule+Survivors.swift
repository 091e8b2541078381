public import Experiments

extension PruningRule {
  /// The steps after which a group is compared, rising, all before `steps`.
  public func rungs(before steps: Int) -> [Int] {
    var rungs: [Int] = []
    switch self {
    case .successiveHalving(let factor, let from):
      var rung = max(1, from)
      while rung < steps {
        rungs.append(rung)
        let (next, overflow) = rung.multipliedReportingOverflow(by: max(2, factor))
        if overflow { break }
        rung = next
      }
    case .median(let after, let every):
      rungs = Array(stride(from: max(1, after), to: steps, by: max(1, every)))
    }
    return rungs
  }

  /// Who goes on: a function of what each has reached, not of when.
  ///
  /// - Parameter values: one for each run of the group, in plan order, which decides among equals;
  ///   higher is better; `nil`: it never got so far, or was not judged, and so is out. Where nobody
  ///   was judged, nothing can be compared, and all go on.
  /// - Returns: the places of those that go on, rising.
  public func survivors(of values: [Double?]) -> [Int] {
    let judged = values.indices.filter { values[$0]?.isNaN == false }
    guard !judged.isEmpty else { return Array(values.indices) }
    func value(_ place: Int) -> Double { values[place] ?? -.infinity }
    switch self {
    case .successiveHalving(let factor, _):
      let count = max(1, values.count / max(2, factor))
      let best = judged.sorted { a, b in
        value(a) == value(b) ? a < b : value(a) > value(b)
      }
      return best.prefix(count).sorted()
    case .median:
      let sorted = judged.map(value).sorted()
      let middle = sorted.count / 2
      let median =
        sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      return judged.filter { value($0) >= median }
    }
  }
}
