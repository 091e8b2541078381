import Backbones
import Datasets
import Experiments
import Testing
import Training
import TuningMethods

/// What a run's identity is made from, word for word: a change here makes every result of the past
/// a result of another run.
@Suite struct IdentityTests {
  private func description(_ plan: Plan) throws -> String {
    try plan.entries[0].spec.canonicalDescription()
  }

  @Test("a plain run")
  func plain() throws {
    let text = try description(Run(PromptTuning(length: 3), on: .rte, with: .nano))
    #expect(
      text
        == [
          #"{"backbone":"nano","dataset":"rte","#,
          #""method":{"hyperparameters":{"length":3,"start":{"sampledVocabulary":{}}},"name":"pt"},"#,
          #""schedule":{"accumulation":1,"batchSize":32,"clip":1,"evaluateEvery":100,"#,
          #""learningRate":0.3,"#,
          #""order":"shuffled","precision":"float32","sourceLength":256,"steps":1000,"targetLength":20,"#,
          #""warmup":0,"weightDecay":0},"seed":1}"#,
        ].joined())
  }

  @Test("few examples, in label words")
  func worded() throws {
    let text = try description(
      Run(PromptTuning(length: 3), on: .rte, with: .nano).fewShot(4, seeds: [2])
        .labelWords("no", "yes").truncation(.start))
    #expect(
      text
        == [
          #"{"backbone":"nano","dataset":"rte","#,
          #""method":{"hyperparameters":{"length":3,"start":{"sampledVocabulary":{}}},"name":"pt"},"#,
          #""preparation":{"labelWords":{"0":"no","1":"yes"}},"#,
          #""schedule":{"accumulation":1,"batchSize":32,"clip":1,"evaluateEvery":100,"#,
          #""fewShot":4,"fewShotRule":"balanced","fewShotSeed":2,"#,
          #""learningRate":0.3,"#,
          #""order":"shuffled","precision":"float32","sourceLength":256,"steps":1000,"targetLength":20,"#,
          #""truncation":"start","#,
          #""warmup":0,"weightDecay":0},"seed":1}"#,
        ].joined())
  }

  @Test("several tasks")
  func tasks() throws {
    let text = try description(
      Run(PromptTuning(length: 3), on: [.rte, .cb], with: .nano).mixing(.equal))
    #expect(
      text
        == [
          #"{"backbone":"nano","datasets":["rte","cb"],"#,
          #""method":{"hyperparameters":{"length":3,"start":{"sampledVocabulary":{}}},"name":"pt"},"#,
          #""schedule":{"accumulation":1,"batchSize":32,"clip":1,"evaluateEvery":100,"#,
          #""learningRate":0.3,"#,
          #""mixing":{"exponent":0},"#,
          #""order":"shuffled","precision":"float32","sourceLength":256,"steps":1000,"targetLength":20,"#,
          #""warmup":0,"weightDecay":0},"seed":1}"#,
        ].joined())
  }
}
