import Backbones
import Datasets
import Experiments
import Foundation
import Testing
import Training
import TuningMethods

@Suite struct PreparationPlanTests {
  private let run = Run(LoRA(), on: .rte, with: .nano)

  @Test("a run without its own wording is written, and so identified, as before")
  func identity() throws {
    let plain = try run.entries[0].spec.canonicalDescription()
    #expect(!plain.contains("preparation"))
    #expect(!plain.contains("truncation"))
    #expect(try run.truncation(.end).entries[0].spec.canonicalDescription() == plain)
    let worded = run.template("{sentence2} because {sentence1}").asPublished().truncation(.start)
    let text = try worded.entries[0].spec.canonicalDescription()
    #expect(text.contains(#""preparation":{"form":"as-published","template":"{sentence2}"#))
    let read = try JSONDecoder().decode(RunSpec.self, from: Data(text.utf8))
    #expect(read.preparation == worded.entries[0].spec.preparation)
    #expect(read.schedule.truncation == .start)
  }

  @Test("templates multiply the runs; label words are given in the order of the labels")
  func modifiers() throws {
    let plan = run.template("{sentence1} {sentence2}", "{sentence2} {sentence1}")
      .labelWords("yes", "no")
    #expect(plan.count == 2)
    #expect(plan.entries.map(\.mistakes) == [[], []])
    let first = plan.entries[0].spec
    #expect(first.preparation.labelWords == ["0": "yes", "1": "no"])
    #expect(first.field("template") == .string("{sentence1} {sentence2}"))
    #expect(first.field("labelWords") == .string("0=yes,1=no"))
    #expect(first.fieldNames.contains("template"))
    #expect(run.entries[0].spec.field("template") == nil)
  }

  @Test("what a data set cannot do is an issue of the plan, with the line that asked for it")
  func issues() {
    func issues(_ plan: Plan) -> [String] {
      RunPlan(plan, knowing: .standard).issues.map(\.message)
    }
    #expect(issues(run.template("{premise}")).first?.contains("{premise}") == true)
    #expect(issues(run.labelWords("a", "b", "c")).first?.contains("3 words for 2 classes") == true)
    #expect(issues(run.labelWords(["2": "x"])).first?.contains("no class of 'rte'") == true)
    #expect(issues(run.labelWords("x", "x")).first?.contains("both be written 'x'") == true)
    #expect(issues(run.targetColumn("y")).first?.contains("own data only") == true)
    let generated = Run(LoRA(), on: .genSentiment, with: .nano)
    #expect(issues(generated.template("{x}")).first?.contains("takes no template") == true)
    #expect(issues(generated.labelWords("bad", "good")).isEmpty)
    #expect(issues(run.template("{sentence1}").asPublished()).isEmpty)
  }
}
