import TensorEngine
import Testing

@testable import Training

/// How often tasks come, and which examples they bring.
@Suite struct TaskMixingTests {
  private let counts = [100, 1_000, 10_000]

  @Test("a temperature lies between all alike and in proportion")
  func probabilities() {
    func expect(_ mixing: TaskMixing, _ wanted: [Double]) {
      let found = mixing.probabilities(of: counts)
      #expect(abs(found.reduce(0, +) - 1) < 1e-12)
      for (value, probability) in zip(found, wanted) { #expect(abs(value - probability) < 1e-9) }
    }
    expect(.equal, [1 / 3, 1 / 3, 1 / 3])
    expect(.proportional, [100 / 11_100, 1_000 / 11_100, 10_000 / 11_100])
    expect(.temperature(1), TaskMixing.proportional.probabilities(of: counts))
    expect(.proportional(cap: 500), [100 / 1_100, 500 / 1_100, 500 / 1_100])
    // 10, 10^1.5 and 100 with T = 2.
    let roots = [10, 31.622776601683793, 100]
    expect(.temperature(2), roots.map { $0 / roots.reduce(0, +) })
    expect(.temperature(1e12), [1 / 3, 1 / 3, 1 / 3])
  }

  @Test(
    "tasks are drawn as often as they should be",
    arguments: [TaskMixing.equal, .proportional, .standard, .temperature(3, cap: 2_000)])
  func frequencies(mixing: TaskMixing) {
    let probabilities = mixing.probabilities(of: counts)
    let draw = TaskDraw(probabilities, seed: 11)
    let steps = 20_000
    var found = [0, 0, 0]
    for step in 0..<steps { found[draw.task(step)] += 1 }
    for (count, probability) in zip(found, probabilities) {
      let deviation = (Double(steps) * probability * (1 - probability)).squareRoot()
      #expect(abs(Double(count) - Double(steps) * probability) < 4 * deviation)
    }
  }

  @Test("temperatures near nothing and near infinity are shares and texts like others")
  func extremes() {
    let cold = TaskMixing.temperature(0.001).probabilities(of: [400_000, 1_000, 300_000])
    #expect(cold[0] == 1 && cold[1] < 1e-100 && cold[2] < 1e-100)
    #expect(TaskMixing.temperature(1e30).description.contains("e+30"))
    #expect(TaskMixing.temperature(10).description == "temperature 10")
  }

  @Test("a step's task depends on seed and step alone")
  func determinism() {
    let probabilities = TaskMixing.standard.probabilities(of: counts)
    let tasks = (0..<200).map(TaskDraw(probabilities, seed: 3).task)
    #expect((0..<200).reversed().map(TaskDraw(probabilities, seed: 3).task).reversed() == tasks)
    #expect((0..<200).map(TaskDraw(probabilities, seed: 4).task) != tasks)
  }

  private func order(_ counts: [Int], mixing: TaskMixing = .equal, seed: Int = 5) -> TaskOrder {
    TaskOrder(
      counts.map { count in
        ExampleOrder(count: count, limit: .examples(4), order: .shuffled, seed: seed) { _ in 1 }
      }, draw: TaskDraw(mixing.probabilities(of: counts), seed: seed))
  }

  @Test("every task goes through its own examples, whatever comes in between")
  func epochs() {
    let counts = [12, 20, 8]
    var order = order(counts)
    var seen: [[Int]] = [[], [], []]
    for step in 0..<60 {
      let (task, examples) = order.batch(step)
      #expect(examples.count == 4)
      seen[task] += examples
    }
    for (examples, count) in zip(seen, counts) {
      #expect(examples.count > 2 * count)
      for epoch in 0..<examples.count / count {
        let part = examples[epoch * count..<(epoch + 1) * count]
        #expect(part.sorted() == Array(0..<count))
      }
    }
  }

  @Test("a resumed run, and one that goes back, has the same batches")
  func resuming() {
    var first = order([12, 20, 8])
    let batches = (0..<80).map { first.batch($0) }
    for start in [0, 1, 17, 40, 79] {
      var resumed = order([12, 20, 8])
      for step in start..<80 { #expect(resumed.batch(step) == batches[step]) }
      #expect(first.batch(start) == batches[start])
    }
  }

  @Test("one task has the batches that it has always had")
  func single() {
    var tasks = order([10])
    var plain = ExampleOrder(count: 10, limit: .examples(4), order: .shuffled, seed: 5) { _ in 1 }
    for step in 0..<20 {
      let batch = tasks.batch(step)
      #expect(batch.task == 0 && batch.examples == plain.indices(step))
    }
  }

  @Test("scores are found again by task, whatever its name")
  func scores() {
    let all = [
      TaskScores.name("accuracy", of: "sst2"): 0.5, TaskScores.name("f1", of: "sst2"): 0.25,
      TaskScores.name("accuracy", of: "./own/sst2"): 0.75, TaskScores.mean: 0.6,
    ]
    #expect(TaskScores.scores(of: "sst2", in: all) == ["accuracy": 0.5, "f1": 0.25])
    #expect(TaskScores.scores(of: "./own/sst2", in: all) == ["accuracy": 0.75])
    #expect(TaskScores.scores(of: "rte", in: all).isEmpty)
  }
}
