import Backbones
import Datasets
import Experiments
import Testing
import Training

@Suite("A condition on runs")
struct RunFilterTests {
  private func spec(_ method: String, seed: Int, rate: Double = 0.3) -> RunSpec {
    var schedule = TrainingSchedule()
    schedule.learningRate = rate
    return RunSpec(
      backbone: "t5-base", dataset: seed % 2 == 0 ? "mrpc" : "sst2",
      method: MethodDescription(name: method, hyperparameters: ["rank": .integer(seed * 10)]),
      schedule: schedule, seed: seed)
  }

  private var specs: [RunSpec] {
    (0..<4).map { spec("dept", seed: $0) } + (0..<4).map { spec("pt", seed: $0, rate: 0.5) }
  }

  @Test(
    "chooses what it says",
    arguments: [
      ("method = dept", 4), ("method == dept and seed <= 1", 2), ("method=dept, seed in (0, 3)", 2),
      ("method = pt or seed = 0", 5), ("not method = pt", 4), ("!(method = pt or seed = 0)", 3),
      ("learningRate >= 0.4", 4), ("rank > 15", 4), ("dataset ~ mr", 4), ("seed != 0", 6),
      ("method = \"dept\" && (seed = 1 || seed = 2)", 2), ("steps = 1000", 8), ("seed in (9)", 0),
      ("order = shuffled", 8), ("learningRate = 0.30", 4), ("'method' = dept or seed = 1", -1),
    ])
  func choice(text: String, count: Int) throws {
    if count < 0 {
      #expect(throws: RunFilterError.self) { try RunFilter(text) }
    } else {
      #expect(try RunFilter(text).matching(specs).count == count)
    }
  }

  @Test(
    "that cannot be read says what is wrong and in which column",
    arguments: [
      ("", "nothing more at column 1"), ("method", "nothing more at column 7"),
      ("method dept", "“dept” at column 8"), ("method = ", "nothing more"),
      ("(method = dept", "“)”"), ("method = dept)", "“)” at column 14"), ("= 3", "“=” at column 1"),
      ("seed in 3", "“(”"), ("method = 'dept", "quotation mark at column 10"),
      ("method = dept seed = 1", "“seed” at column 15"),
    ])
  func malformed(text: String, words: String) {
    #expect {
      try RunFilter(text)
    } throws: { "\($0)".contains(words) }
  }

  @Test("that names a field no run has lists the fields there are")
  func unknownField() throws {
    let filter = try RunFilter("rnak = 3")
    #expect {
      try filter.matching(specs)
    } throws: { "\($0)".contains("rnak") && "\($0)".contains("rank") }
  }
}
