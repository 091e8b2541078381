import Backbones
import Datasets
import Experiments
import Foundation
import NeuralNetworks
import Testing
import Training
import TuningMethods

@Suite struct TransferPlanTests {
  /// A method that makes one prompt of those of two or three other runs.
  private struct Merging: TuningMethod {
    static let name = "merging"
    static let title = "Merging"
    static let reference = Citation("none")
    var defaultLearningRates: LearningRates { LearningRates(0.01) }
    var sources: ClosedRange<Int> { 2...3 }
    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
      PromptTuning(length: 3).adapt(backbone, into: &adaptation)
    }
  }

  private let source = Run(PromptTuning(length: 5), on: .sst2, with: .nano).steps(50).seeds(7)

  private func checked(_ plan: Plan) -> RunPlan { RunPlan(plan, knowing: .standard) }
  private func issues(_ plan: Plan) -> [String] { checked(plan).issues.map(\.message) }

  @Test("modifiers change the runs that start from others, and not what those start from")
  func modifiers() {
    let plan = Run(PromptTuning(length: 5), on: .rte, with: .nano)
      .after(source).seeds(1...3).steps(20).learningRate(0.1, 0.2)
    #expect(plan.count == 6)
    #expect(plan.entries.map(\.spec.seed) == [1, 1, 2, 2, 3, 3])
    for entry in plan.entries {
      #expect(entry.spec.sources == source.entries.map(\.spec))
      #expect(entry.spec.sources[0].seed == 7 && entry.spec.sources[0].schedule.steps == 50)
    }
    #expect(
      plan.entries[0].spec
        == Run(PromptTuning(length: 5), on: .rte, with: .nano).steps(20).learningRate(0.1)
        .initialised(from: source).entries[0].spec)
  }

  @Test("what the plan does not list is planned once, right before the first that needs it")
  func unlistedSources() {
    let first = Run(LoRA(), on: .rte, with: .nano)
    let second = Run(PromptTuning(length: 5), on: .rte, with: .nano).after(source).seeds(1...2)
    let plan = checked(
      Plan {
        first
        second
      })
    #expect(plan.issues.isEmpty)
    #expect(plan.runs.map(\.spec.method.name) == ["lora", "pt", "pt", "pt"])
    #expect(plan.runs.map(\.isSource) == [false, true, false, false])
    #expect(plan.runs[1].spec == source.entries[0].spec)
    #expect(plan.runs[1].location == source.entries[0].location)
    // As a plan that is written down and read again.
    let read = RunPlan(runs: plan.runs.filter { !$0.isSource }).checked(knowing: .standard)
    #expect(read.runs.map(\.spec) == plan.runs.map(\.spec))
    #expect(read.runs.map(\.isSource) == plan.runs.map(\.isSource))
    #expect(plan.checked(knowing: .standard) == plan)
  }

  @Test("a source that the plan lists itself stays where it is listed, before or after")
  func listedSources() {
    let target = Run(PromptTuning(length: 5), on: .rte, with: .nano).after(source)
    for plan in [
      Plan([source, target].flatMap(\.entries)), Plan([target, source].flatMap(\.entries)),
    ] {
      let checked = checked(plan)
      #expect(checked.issues.isEmpty)
      #expect(checked.runs.map(\.spec) == plan.entries.map(\.spec))
      #expect(checked.runs.allSatisfy { !$0.isSource })
    }
  }

  @Test("sources have sources: all are planned, the first of them first")
  func chains() {
    let middle = Run(PromptTuning(length: 5), on: .cb, with: .nano).after(source)
    let last = Run(PromptTuning(length: 5), on: .rte, with: .nano).after(middle)
    let plan = checked(last)
    #expect(plan.issues.isEmpty)
    #expect(plan.runs.map { "\($0.spec.dataset)" } == ["sst2", "cb", "rte"])
    #expect(plan.runs.map(\.isSource) == [true, true, false])
  }

  @Test("too many and too few sources are issues, with the line and what to do")
  func counts() {
    let other = source.seeds(8)
    let two = Run(PromptTuning(length: 5), on: .rte, with: .nano).after(source, other)
    #expect(
      issues(two) == [
        "pt on rte, seed 1 starts from the values of one run, and 2 are given; leave one in "
          + "`.after`, or take a method that asks for several"
      ])
    #expect(checked(two).issues[0].location?.line == #line - 6)
    let none = Run(Merging(), on: .rte, with: .nano)
    #expect(
      issues(none) == [
        "merging on rte, seed 1 needs the adapters of 2 to 3 runs to start from, and none is "
          + "given; list them in `.after(Run(…))`"
      ])
    #expect(issues(none.after(source)).count == 1)
    #expect(issues(none.after(source, other)).isEmpty)
    // Said twice, they add up; and they need not have the method's own parameters.
    let lora = Run(LoRA(), on: .sst2, with: .nano)
    #expect(issues(none.after([source, other]).after(lora)).isEmpty)
    #expect(issues(none.after(source.seeds(1...4))).count == 1)
    #expect(
      issues(Run(LoRA(), on: .rte, with: .nano).after([]))
        == ["`.after` got no run; give it at least one"])
  }

  @Test("a source on another backbone, a timed one, and mistakes inside of one are issues")
  func unfitSources() {
    let target = Run(PromptTuning(length: 5), on: .rte, with: .nano)
    let far = issues(
      target.after(Run(PromptTuning(length: 5), on: .sst2, with: .random(.t5Small))))
    #expect(far.count == 1)
    #expect(far[0].contains("runs on nano and cannot start from pt on sst2, seed 1"))
    #expect(far[0].contains("belongs to t5-small:random; give both the same backbone"))
    #expect(issues(target.after(source.timing(.training)))[0].contains("which is only timed"))
    let line = #line + 1
    let wrong = checked(target.after(Run(PromptTuning(length: 5), on: "sst3", with: .nano)))
    #expect(
      wrong.issues.map(\.message) == [
        "there is no data set 'sst3'; did you mean 'sst2', 'sst-2' or 'stsb'?"
      ])
    #expect(wrong.issues[0].location?.line == line)
  }

  @Test("values that cannot be taken over are found before anything is trained")
  func shapes() {
    let target = Run(PromptTuning(length: 6), on: .rte, with: .nano)
    #expect(
      issues(target.after(source)) == [
        "pt on rte, seed 1 starts from the values of pt on sst2, seed 7, and "
          + "'encoder.input/prompt' differs in size there; give both the same parameters, or take "
          + "a method that asks for sources"
      ])
    let dept = DePT(promptLength: 6, rank: 2, sourceLength: 64)
    let run = Run(dept, on: .rte, with: .nano).sourceLength(64)
    #expect(issues(run.after(target))[0].contains("'encoder.input/embedding.a' is missing there"))
    #expect(issues(target.after(run))[0].contains("'encoder.input/embedding.a' is surplus there"))
    #expect(
      issues(run.fewShot(16).after(Run(dept, on: .sst2, with: .nano).sourceLength(64))).isEmpty)
  }

  @Test("a run without sources is described as before there were any, and one with them differs")
  func description() throws {
    let plain = Run(PromptTuning(length: 5), on: .rte, with: .nano)
    let text = try plain.entries[0].spec.canonicalDescription()
    for word in ["sources", "datasets", "mixing", "isSource"] { #expect(!text.contains(word)) }
    let spec = plain.after(source).entries[0].spec
    let whole = try spec.canonicalDescription()
    #expect(whole != text)
    #expect(whole.contains(try source.entries[0].spec.canonicalDescription()))
    #expect(
      try whole == plain.after(source.evaluate(every: 5)).entries[0].spec.canonicalDescription())
    #expect(try whole != plain.after(source.seeds(8)).entries[0].spec.canonicalDescription())
    let read = try JSONDecoder().decode(RunSpec.self, from: JSONEncoder().encode(spec))
    #expect(read == spec)
  }

  @Test("runs are chosen by what they start from")
  func filter() throws {
    let plain = Run(PromptTuning(length: 5), on: .rte, with: .nano)
    let specs = [plain, plain.after(source)].map(\.entries[0].spec)
    #expect(specs[0].field("sources") == nil)
    #expect(specs[1].field("sources") == .string("pt on sst2, seed 7"))
    #expect(try RunFilter("sources ~ sst2").matching(specs) == [specs[1]])
    #expect(specs[1].fieldNames.contains("sources") && !specs[0].fieldNames.contains("sources"))
  }

  @Test("what the catalogue's methods make of other prompts is checked by their own rules")
  func catalogue() {
    let spot = Run(SPoT(length: 5), on: .rte, with: .nano)
    #expect(issues(spot.after(source)).isEmpty)
    #expect(issues(spot).count == 1 && issues(spot)[0].contains("the adapters of 1 run"))
    let longer = issues(Run(SPoT(length: 6), on: .rte, with: .nano).after(source))
    #expect(longer.count == 1)
    #expect(longer[0].hasPrefix("spot on rte, seed 1 cannot start from pt on sst2, seed 7: "))
    let lora = issues(spot.after(Run(LoRA(), on: .sst2, with: .nano)))
    #expect(lora.count == 1 && lora[0].contains("encoder.input/prompt"))
    let attempt = Run(ATTEMPT(length: 5, sourceCount: 2), on: [.rte, .cb], with: .nano)
    #expect(issues(attempt.after(source, source.seeds(8))).isEmpty)
    #expect(issues(attempt.after(source)).count == 1)
  }
}
