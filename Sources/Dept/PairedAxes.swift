import Experiments
import Foundation

#if os(Linux)
import Runtime
#endif

// These shadow Swift's `zip` in a file that imports Dept: that one goes as far as the shorter
// sequence, and so would silently plan less than was written down.

/// The values of two axes in pairs; axes of different length are an issue of the plan.
///
/// ```swift
/// for (length, rank) in zip([20, 40, 60], [60, 45, 30]) { … }
/// ```
@inline(never)
public func zip<A: Collection, B: Collection>(_ a: A, _ b: B) -> [(A.Element, B.Element)] {
  paired(Array(a), Array(b))
}

/// The values of two axes in pairs; axes of different length are an issue of the plan.
@inline(never)
public func zip<A: SteppedAxis, B: Collection>(_ a: A, _ b: B) -> [(A.Element, B.Element)] {
  paired(Array(a), Array(b))
}

/// The values of two axes in pairs; axes of different length are an issue of the plan.
@inline(never)
public func zip<A: Collection, B: SteppedAxis>(_ a: A, _ b: B) -> [(A.Element, B.Element)] {
  paired(Array(a), Array(b))
}

/// The values of two axes in pairs; axes of different length are an issue of the plan.
@inline(never)
public func zip<A: SteppedAxis, B: SteppedAxis>(_ a: A, _ b: B) -> [(A.Element, B.Element)] {
  paired(Array(a), Array(b))
}

/// The values of three axes side by side; axes of different length are an issue of the plan.
@inline(never)
public func zip<A: Sequence, B: Sequence, C: Sequence>(
  _ a: A, _ b: B, _ c: C
) -> [(A.Element, B.Element, C.Element)] {
  let (a, b, c) = (Array(a), Array(b), Array(c))
  AxisLengths.check([a.count, b.count, c.count])
  return Swift.zip(Swift.zip(a, b), c).map { ($0.0, $0.1, $1) }
}

/// What `stride` gives: the values of an axis that are a step apart.
public protocol SteppedAxis: Sequence {}
extension StrideTo: SteppedAxis {}
extension StrideThrough: SteppedAxis {}

@inline(never)
private func paired<A, B>(_ a: [A], _ b: [B]) -> [(A, B)] {
  AxisLengths.check([a.count, b.count])
  return Array(Swift.zip(a, b))
}

/// Whether axes have the same length, and the line that paired them.
private enum AxisLengths {
  static func check(_ counts: [Int]) {
    guard Set(counts).count > 1 else { return }
    let all = counts.dropLast().map(String.init).joined(separator: ", ")
    PlanIssueCollector.report(
      PlanIssue(
        "the axes of zip have \(all) and \(counts.last ?? 0) values; give all the same number",
        at: callingLine))
  }

  /// The innermost line that is being carried out and is not of this file: Swift prefers its own
  /// `zip` to one with a parameter for the line.
  private static var callingLine: SourceLocation? {
    #if os(Linux)
    let own = URL(filePath: #filePath).lastPathComponent
    let frames = (try? Backtrace.capture())?.symbolicated()?.frames ?? []
    for place in frames.lazy.compactMap({ $0.symbol?.sourceLocation }) {
      guard place.line > 0, URL(filePath: place.path).lastPathComponent != own else { continue }
      let folder = FileManager.default.currentDirectoryPath + "/"
      let path =
        place.path.hasPrefix(folder) ? String(place.path.dropFirst(folder.count)) : place.path
      return SourceLocation(file: path, line: place.line)
    }
    #endif
    return nil
  }
}
