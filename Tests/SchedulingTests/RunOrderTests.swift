import Experiments
import Scheduling
import Testing
import Training

@Suite("The order of runs")
struct RunOrderTests {
  private func seeds(
    _ order: RunOrder, runs: Int = 6, _ change: (inout ResolvedPlan) -> Void = { _ in }
  ) throws -> [Int] {
    var plan = PseudoPlan(runs: runs).resolved
    change(&plan)
    return try plan.queue(order, cost: { $0.spec.seed == 3 ? nil : Double(10 - $0.spec.seed) })
      .map(\.spec.seed)
  }

  @Test("is the plan's, a drawn one, one value after the other, or the cheapest first")
  func orders() throws {
    #expect(try seeds(.planned) == [0, 1, 2, 3, 4, 5])
    let drawn = try seeds(.shuffled(seed: 7))
    #expect(drawn.sorted() == [0, 1, 2, 3, 4, 5] && drawn != drawn.sorted())
    #expect(try seeds(.shuffled(seed: 7)) == drawn)
    #expect(try seeds(.shuffled(seed: 8)) != drawn)
    // What is left of a plan keeps its order.
    #expect(try seeds(.shuffled(seed: 7), runs: 4) == drawn.filter { $0 < 4 })
    // What is not known comes last.
    #expect(try seeds(.cheapestFirst) == [5, 4, 2, 1, 0, 3])
    let interleaved = try seeds(.interleaved(by: "batchSize")) { plan in
      for place in plan.runs.indices {
        plan.runs[place].spec.schedule.batchSize = place < 4 ? 8 : 16
      }
    }
    #expect(interleaved == [0, 4, 1, 5, 2, 3])
    #expect {
      try seeds(.interleaved(by: "bachSize"))
    } throws: { error in
      "\(error)".contains("batchSize")
    }
  }

  @Test("has a higher priority first, and what it starts from before it")
  func priorities() throws {
    let order = try seeds(.planned) { plan in
      plan.runs[4].priority = 2
      plan.runs[2].priority = -1
      plan.runs[5].priority = 1
      plan.runs[5].sources = [plan.runs[1].id]
    }
    #expect(order == [4, 1, 5, 0, 3, 2])
  }
}

@Suite("What is done about a failure")
struct RetryPolicyTests {
  private let spec = PseudoPlan().spec(0)
  private let policy = RetryPolicy.standard

  @Test("follows from its kind")
  func kinds() {
    #expect(policy.verdict(on: .diverged, of: spec) == .never)
    #expect(policy.verdict(on: .invalid, of: spec) == .never)
    #expect(policy.verdict(on: .file, of: spec) == .nextTime)
    #expect(policy.verdict(on: .crashed, of: spec, partRows: 375) == .again(partRows: 375))
  }

  @Test("halves the parts of a step while that can help")
  func memory() {
    var rows: Int?
    var tried: [Int] = []
    while case .again(let next?) = policy.verdict(on: .memory, of: spec, partRows: rows) {
      tried.append(next)
      rows = next
    }
    // Sources have 256 tokens at most: a part of fewer rows is one sequence.
    #expect(tried == [750, 375, 1])
    var short = spec
    short.schedule.sourceLength = 20
    #expect(policy.verdict(on: .memory, of: short, partRows: 46) == .again(partRows: 23))
    #expect(policy.verdict(on: .memory, of: short, partRows: 23) == .again(partRows: 1))
    var timed = spec
    timed.schedule.timing = .training
    #expect(policy.verdict(on: .memory, of: timed) == .never)
    #expect(policy.trials(before: .memory, of: timed, partRows: nil) == nil)
    #expect(policy.trials(before: .diverged, of: spec, partRows: 1) == nil)
  }
}
