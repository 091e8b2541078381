import Backbones
import Datasets
import Experiments
import Foundation
import Testing
import Training
import TuningMethods

@Suite struct MultiTaskPlanTests {
  private let run = Run(PromptTuning(length: 5), on: [.sst2, .rte], with: .nano)

  private func issues(_ plan: Plan) -> [String] {
    RunPlan(plan, knowing: .standard).issues.map(\.message)
  }

  @Test("a run may learn several data sets, as long as the longest of them")
  func several() {
    let spec = run.entries[0].spec
    #expect(issues(run).isEmpty)
    #expect(spec.datasets == [.sst2, .rte])
    #expect(spec.dataset == "sst2+rte")
    #expect(spec.name == "pt on sst2+rte, seed 1")
    let long = Run(LoRA(), on: [.length(400), .length(8)], with: .nano).entries[0].spec.schedule
    #expect(
      long.sourceLength == (try? DatasetCatalogue.standard.dataset(.length(400)).sourceLength))
    #expect(spec.field("tasks") == .integer(2))
    #expect(run.seeds(1...3).entries.allSatisfy { $0.spec.datasets.count == 2 })
  }

  @Test("a list of one is that one data set, to the last sign")
  func one() throws {
    let listed = Run(PromptTuning(length: 5), on: [.sst2], with: .nano).entries[0].spec
    let named = Run(PromptTuning(length: 5), on: .sst2, with: .nano).entries[0].spec
    #expect(listed == named)
    #expect(try listed.canonicalDescription() == named.canonicalDescription())
    #expect(try listed.canonicalDescription().contains(#""dataset":"sst2""#))
    #expect(listed.field("tasks") == nil && !listed.fieldNames.contains("tasks"))
    // An alias is the data set itself, in a list too.
    #expect(
      Run(LoRA(), on: ["sst-2", .rte], with: .nano).entries[0].spec.datasets == [.sst2, .rte])
  }

  @Test("mixings multiply the runs on several data sets, and only those")
  func mixing() throws {
    let plan = Plan {
      run
      Run(PromptTuning(length: 5), on: .cb, with: .nano)
    }
    .mixing(.equal, .temperature(2))
    #expect(plan.count == 3)
    #expect(plan.entries.map(\.spec.schedule.mixing) == [.equal, .temperature(2), nil])
    #expect(plan.entries[1].spec.field("mixing") == .string("temperature 2"))
    let text = try run.entries[0].spec.canonicalDescription()
    #expect(text.contains(#""datasets":["sst2","rte"]"#))
    #expect(text.contains(#""mixing":{"exponent":0.1}"#))
    #expect(try run.mixing(.temperature(10)).entries[0].spec.canonicalDescription() == text)
    #expect(try run.mixing(.proportional).entries[0].spec.canonicalDescription() != text)
    let turned = Run(PromptTuning(length: 5), on: [.rte, .sst2], with: .nano)
    #expect(try turned.entries[0].spec.canonicalDescription() != text)
    // One task has nothing to mix.
    var single = Run(PromptTuning(length: 5), on: .cb, with: .nano).entries[0].spec
    let plain = try single.canonicalDescription()
    single.schedule.mixing = .equal
    #expect(try single.canonicalDescription() == plain)
  }

  @Test("data sets named twice, none, unknown ones and impossible mixings are issues")
  func faults() {
    #expect(
      issues(Run(LoRA(), on: [.rte, .cb, "rte"], with: .nano)) == [
        "'rte' is listed more than once in a run; name each data set once"
      ])
    #expect(
      issues(Run(LoRA(), on: [DatasetID](), with: .nano)) == [
        "the run has no data set; name at least one"
      ])
    #expect(issues(Run(LoRA(), on: [.rte, "sst3"], with: .nano)).count == 1)
    #expect(issues(run.mixing(.temperature(-2)))[0].contains("the temperature -2.0"))
    #expect(issues(run.mixing(.proportional(cap: 0)))[0].contains("at most 0 examples"))
    #expect(issues(run.mixing()) == ["`.mixing` got no value; give it at least one"])
    #expect(!issues(run.mixing(.temperature(0))).isEmpty)
  }

  @Test("a description is read as it was written")
  func reading() throws {
    let spec = run.mixing(.proportional(cap: 9)).entries[0].spec
    #expect(try JSONDecoder().decode(RunSpec.self, from: JSONEncoder().encode(spec)) == spec)
    let nothing = Data(#"{"backbone":"nano","method":{"name":"pt","hyperparameters":{}}}"#.utf8)
    #expect {
      try JSONDecoder().decode(RunSpec.self, from: nothing)
    } throws: { error in
      guard case DecodingError.keyNotFound(let key, _)? = error as? DecodingError else {
        return false
      }
      return key.stringValue == "dataset"
    }
  }

  @Test("a mixing is called by its temperature")
  func words() {
    let mixings: [TaskMixing] = [
      .standard, .equal, .proportional, .temperature(3), .proportional(cap: 100),
      .temperature(1.5, cap: 7),
    ]
    #expect(
      mixings.map(\.description) == [
        "temperature 10", "equal", "proportional", "temperature 3",
        "proportional, at most 100 examples", "temperature 1.5, at most 7 examples",
      ])
  }
}
