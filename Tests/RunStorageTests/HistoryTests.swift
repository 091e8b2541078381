import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing

@Suite("The history of a metric")
struct HistoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A store whose runs have these points of `train/loss`.
  private func store(_ curves: [[(Int, Double)]], ends: Bool = true) throws -> RunStore {
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    let runs = curves.indices.map { enrolled($0) }
    try writer.enrol(runs, experiment: "e")
    for (number, curve) in curves.enumerated() {
      let attempt = try writer.begin(runs[number].id, process: .current)
      let path = try journal(
        folder, "\(number)",
        curve.map { point($0.0, $0.1) } + (ends ? [.succeeded(summary)] : []))
      _ = try writer.fold(runs[number].id, attempt: attempt, journal: path)
    }
    return writer.store
  }

  /// Whether the columns are what a look at each point gives, and in their places.
  private func check(
    _ history: MetricHistory, _ curve: [(Int, Double)], range: ClosedRange<Int>, pixels: Int
  ) {
    #expect(history.points == curve.count)
    #expect(history.columns.count <= pixels)
    let width = Double(range.count) / Double(pixels)
    var next = 0
    for column in history.columns {
      let points = curve[next..<min(next + column.points, curve.count)]
      next += column.points
      let values = points.map(\.1).filter { !$0.isNaN }
      #expect(column.firstStep == points.first?.0)
      #expect(column.lastStep == points.last?.0)
      #expect(column.min == values.min() || (values.isEmpty && column.min.isNaN))
      #expect(column.max == values.max() || (values.isEmpty && column.max.isNaN))
      #expect(column.last.bitPattern == points.last?.1.bitPattern)
      // A block of 64 may reach into the column after the one it begins in.
      #expect(Double(column.lastStep - column.firstStep) < 2 * width + 1)
    }
    #expect(next == curve.count)
  }

  private static func value(_ step: Int) -> Double {
    step % 97 == 0 ? .nan : step % 501 == 0 ? .infinity : sin(Double(step) * 0.01) * Double(step)
  }

  @Test(
    "is what a look at every point gives, whether values or overviews are read",
    arguments: [1, 50, 255, 256, 5000, 40_000], [1, 7, 100, 1000])
  func decimation(count: Int, pixels: Int) throws {
    let curve = (1...count).map { ($0, Self.value($0)) }
    for ends in [false, true] {
      let store = try store([curve], ends: ends)
      let history = try store.history(
        of: [enrolled(0).id], metric: "train/loss", pixels: pixels)[0]
      check(history, curve, range: 1...count, pixels: pixels)
      if count <= pixels { #expect(history.columns.count == count) }
    }
  }

  @Test("with fewer than 64 points a column has its points by their steps alone")
  func places() throws {
    let curve = (1...10_000).map { ($0, Self.value($0)) }
    let columns = try store([curve]).history(
      of: [enrolled(0).id], metric: "train/loss", pixels: 200)[0].columns
    #expect(columns.map(\.firstStep) == (0..<200).map { $0 * 50 + 1 })
    #expect(columns.allSatisfy { $0.points == 50 })
  }

  @Test("of irregular steps leaves gaps out and loses nothing")
  func irregular() throws {
    let steps = (1...3000).map { $0 < 1500 ? $0 * 3 : 1_000_000 + $0 * $0 }
    let curve = steps.map { ($0, Self.value($0)) }
    let history = try store([curve]).history(
      of: [enrolled(0).id], metric: "train/loss", pixels: 300)[0]
    check(history, curve, range: 3...steps[2999], pixels: 300)
    #expect(history.columns.count < 300)
  }

  @Test("of several runs has the same columns for all, and none for a run without the metric")
  func several() throws {
    let long = (1...20_000).map { ($0, Self.value($0)) }
    let short = (1...2000).map { ($0, -Self.value($0)) }
    let store = try store([long, short, []])
    let ids = [1, 0, 2].map { enrolled($0).id }
    let histories = try store.history(of: ids, metric: "train/loss", pixels: 100)
    #expect(histories.map(\.run) == ids)
    check(histories[0], short, range: 1...20_000, pixels: 100)
    check(histories[1], long, range: 1...20_000, pixels: 100)
    #expect(histories[0].columns.count == 10)
    #expect(histories[2].columns.isEmpty && histories[2].points == 0)
    #expect(try store.metrics(of: ids) == ["train/loss"])
    #expect(
      try store.history(of: ids, metric: "none", pixels: 9).allSatisfy { $0.columns.isEmpty })
    #expect(throws: StoreError.self) {
      try store.history(of: [enrolled(9).id], metric: "train/loss", pixels: 9)
    }
  }
}
