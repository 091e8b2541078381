import Backbones
import Datasets
import Experiments
import Testing
import Training
import TuningMethods

@testable import DeptCommand
@testable import Scheduling

@Suite struct RunNamesTests {
  private func run(_ digit: String, rate: Double, seed: Int = 1, rank: Int = 4) throws
    -> ResolvedRun
  {
    var schedule = TrainingSchedule()
    schedule.learningRate = rate
    return ResolvedRun(
      id: RunID(rawValue: String(repeating: digit, count: 64)),
      spec: RunSpec(
        backbone: .nano, dataset: .rte, method: try MethodDescription(LoRA(rank: rank)),
        schedule: schedule, seed: seed),
      dataDigest: "", backboneDigest: "")
  }

  @Test("runs of one name are told apart by what varies among them, others keep their name")
  func names() throws {
    let runs = [
      try run("a", rate: 0.1), try run("b", rate: 0.2), try run("c", rate: 0.2, rank: 8),
      try run("d", rate: 0.3, seed: 2),
    ]
    var names = RunNames(ResolvedPlan(experiment: "sweep", runs: runs))
    #expect(
      runs.map { names.name(of: $0.id) } == [
        "lora on rte, seed 1 (learningRate 0.1, rank 4)",
        "lora on rte, seed 1 (learningRate 0.2, rank 4)",
        "lora on rte, seed 1 (learningRate 0.2, rank 8)", "lora on rte, seed 2",
      ])
    let other = RunID(rawValue: String(repeating: "e", count: 64))
    #expect(names.name(of: other) == other.short)
  }
}
