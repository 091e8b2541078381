import Documents
import Experiments
import Reports
import Testing

@Suite struct LearningCurveTests {
  @Test("a line is the mean over seeds with a band of one deviation")
  func band() throws {
    let runs = [
      Sample.run(seed: 1, curve: [50, 60]), Sample.run(seed: 2, curve: [52, 64]),
    ]
    let line = try #require(try chart(LearningCurve(.validation), runs).series.first)
    #expect(line.points.map(\.x) == [10, 20])
    #expect(line.points.map(\.y) == [51, 62])  // percent of recorded fractions
    let low = try #require(line.points[0].low)
    #expect(abs(low - (51 - 2.0.squareRoot())) < 1e-12)
  }

  @Test("there is a panel per data set and a line per group, with one look in every panel")
  func panels() throws {
    let runs = ["rte", "cb"].flatMap { dataset in
      [0.3, 0.1].map { Sample.run(on: dataset, rate: $0, curve: [50, 60 + $0]) }
    }
    let figure = try figure(LearningCurve(.validation, groupedBy: .learningRates), runs)
    #expect(figure.panels.map(\.title) == ["RTE", "CB"])
    #expect(figure.panels.map { $0.series.map(\.name) } == [["0.3", "0.1"], ["0.3", "0.1"]])
    #expect(figure.panels.map { $0.series.map(\.style) } == [[0, 1], [0, 1]])
  }

  @Test("methods are told apart even when the axes do not")
  func methods() throws {
    let runs = [Sample.run("pt", curve: [50]), Sample.run("dept", curve: [60])]
    let chart = try chart(LearningCurve(.validation, groupedBy: .learningRates), runs)
    #expect(chart.series.map(\.name) == ["Prompt tuning · 0.3", "DePT · 0.3"])
  }

  @Test("failed runs are left out while others succeeded; a value that is no number is a gap")
  func gaps() throws {
    let runs = [
      Sample.run(seed: 1, curve: [50, .nan, 70]),
      Sample.run(seed: 2, state: .failed, curve: [10]),
    ]
    let line = try #require(try chart(LearningCurve(.validation), runs).series.first)
    #expect(line.points.map(\.y) == [50, nil, 70])
  }

  @Test("long curves are averaged over windows and say so")
  func windows() throws {
    var run = Sample.run()
    run.curves["train/loss"] = (1...2000).map {
      MetricPoint(step: $0, name: "train/loss", value: $0 <= 20 ? 5 : 1)
    }
    let figure = try figure(LearningCurve(.trainLoss), [run])
    let points = try #require(figure.panels.first?.series.first?.points)
    #expect(points.count == 100)
    #expect(points[0] == ChartPoint(x: 20, y: 5))
    #expect(points[1] == ChartPoint(x: 40, y: 1))
    #expect(figure.caption.plain.contains("windows of 20 steps"))
  }

  @Test("without points there is a sentence")
  func empty() {
    let blocks = LearningCurve(.validation).blocks(Sample.results([Sample.run()]))
    #expect(
      blocks == [.paragraph([.emphasis(["No points of Validation score during training yet."])])])
  }

  private func figure(_ curve: LearningCurve, _ runs: [FrozenRun]) throws -> Figure {
    let block = try #require(curve.blocks(Sample.results(runs)).first)
    guard case .figure(let figure) = block else {
      throw Unexpected()
    }
    return figure
  }

  private func chart(_ curve: LearningCurve, _ runs: [FrozenRun]) throws -> LineChart {
    try #require(try figure(curve, runs).panels.first)
  }

  private struct Unexpected: Error {}
}
