import Evaluation
import Testing

@Suite struct MetricCatalogueTests {
  @Test("every metric is found by its name, and names are unique")
  func names() {
    #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    for metric in Metric.all { #expect(Metric(named: metric.name) == metric) }
    #expect(Metric(named: "acuracy") == nil)
  }

  @Test("gold outputs score 1, no outputs score 0, order does not matter", arguments: Metric.all)
  func laws(_ metric: Metric) {
    let gold = predictions(["0", "1", "1", "0", "1"], ["0", "1", "1", "0", "1"])
    #expect(abs(metric.score(gold) - 1) < 1e-12)
    #expect(metric.score([]) == 0)
    let mixed = PseudoRandomSample(count: 60).classes
    #expect(abs(metric.score(mixed) - metric.score(mixed.reversed())) < 1e-12)
    #expect((-1.0...1.0).contains(metric.score(mixed)))
    #expect(metric.isBetter(0.6, than: 0.5))
  }
}
