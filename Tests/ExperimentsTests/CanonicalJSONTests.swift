import Backbones
import Datasets
import Experiments
import Foundation
import Testing
import Training
import TuningMethods

@Suite struct CanonicalJSONTests {
  private func canonical(_ json: String) throws -> String {
    try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)).canonical
  }

  @Test("keys are sorted by bytes, null members are left out, white space is dropped")
  func members() throws {
    let text = #"{ "b" : [1, null, true], "a": null, "é": "x", "Z": {"y": 2, "x": 1} }"#
    #expect(try canonical(text) == #"{"Z":{"x":1,"y":2},"b":[1,null,true],"é":"x"}"#)
  }

  @Test(
    "every spelling of a number is one spelling",
    arguments: [
      (["5e-4", "0.0005", "5.0E-4", "0.00050"], "0.0005"), (["1", "1.0", "1e0", "10e-1"], "1"),
      (["-0.0", "0", "0.0"], "0"), (["1e16", "10000000000000000"], "10000000000000000"),
      (["0.1", "1e-1"], "0.1"), (["1e300"], "1e+300"),
    ])
  func numbers(spellings: [String], expected: String) throws {
    for spelling in spellings { #expect(try canonical("[\(spelling)]") == "[\(expected)]") }
  }

  @Test("strings keep every character, and control characters are escaped")
  func strings() throws {
    let value = JSONValue.string("a\"b\\c\n\t\u{1}é🙂/")
    #expect(value.canonical == #""a\"b\\c\n\t\u0001é🙂/""#)
    let back = try JSONDecoder().decode(JSONValue.self, from: Data(value.canonical.utf8))
    #expect(back == value)
  }

  @Test("the order of members never matters", arguments: 0..<50)
  func permutation(seed: Int) throws {
    var generator = Lehmer(state: UInt64(seed) + 1)
    let members = (0..<12).map { index in
      "\"k\(index % 4)\(index)\": \(Double(generator.next() % 10_000) / 64)"
    }
    let one = "{\(members.joined(separator: ","))}"
    let other = "{\(members.shuffled(using: &generator).joined(separator: " , "))}"
    #expect(try canonical(one) == canonical(other))
  }

  @Test("a run's description does not depend on how its numbers were written")
  func spec() throws {
    let a = Run(DePT(), on: "rte", with: .nano).learningRates(prompt: 0.3, lowRank: 5e-4)
    let b = Run(DePT(), on: "rte", with: .nano).learningRates(prompt: 3 / 10, lowRank: 0.0005)
    let text = try a.entries[0].spec.canonicalDescription()
    #expect(text == (try b.entries[0].spec.canonicalDescription()))
    #expect(text.contains(#""lowRankLearningRate":0.0005"#))
    #expect(!text.contains("null"))
    let decoded = try JSONDecoder().decode(
      RunSpec.self, from: try JSONEncoder().encode(a.entries[0].spec))
    #expect(try decoded.canonicalDescription() == text)
  }

  @Test("a schedule without the newer options is described as before there were any")
  func unchanged() throws {
    let plain = """
      {"accumulation":1,"batchSize":32,"clip":1,"evaluateEvery":0,"learningRate":0.3,\
      "order":"shuffled","precision":"float32","sourceLength":256,"steps":1000,"targetLength":20,\
      "warmup":0,"weightDecay":0}
      """
    #expect(try JSONValue(encoding: TrainingSchedule()).canonical == plain)
    let read = try JSONDecoder().decode(TrainingSchedule.self, from: Data(plain.utf8))
    #expect(read == TrainingSchedule())
    let run = Run(DePT(), on: "rte", with: .nano)
    let text = try run.entries[0].spec.canonicalDescription()
    for name in ["batchTokens", "decoding"] { #expect(!text.contains(name)) }
    #expect(try run.decoding(.generation).entries[0].spec.canonicalDescription() == text)
    #expect(try run.batchTokens(9).batchSize(32).entries[0].spec.canonicalDescription() == text)
  }

  @Test("two ways of saying the same run are the same run; different runs differ")
  func identity() throws {
    let plan = Run(DePT(), on: "rte", with: .nano).steps(100)
    func description(_ plan: Plan) throws -> String {
      try plan.entries[0].spec.canonicalDescription()
    }
    #expect(
      try description(plan.learningRate(0.3))
        == description(plan.learningRates(prompt: 0.3, lowRank: 0.3)))
    #expect(try description(plan) == description(plan.evaluate(every: 10)))
    #expect(try description(plan) != description(plan.evaluate(every: 20)))
    #expect(try description(plan) != description(plan.seeds(2)))
    #expect(try description(plan) != description(plan.order(.bucketed)))
    #expect(try description(plan) != description(plan.decoding(.labels)))
    #expect(try description(plan) != description(plan.batchTokens(512)))
    // A budget of tokens replaces the number of examples, whatever that was.
    #expect(
      try description(plan.batchTokens(512)) == description(plan.batchSize(8).batchTokens(512)))
    var explicit = plan.entries[0].spec
    explicit.schedule.decoding = .generation
    #expect(try description(plan) == explicit.canonicalDescription())
    #expect(try description(plan) != description(plan.steps(100, warmup: 1)))
    #expect(
      try description(plan) != description(Run(DePT(rank: 4), on: "rte", with: .nano).steps(100)))
  }
}

/// A small generator, so that a failure repeats.
private struct Lehmer: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
