import Backbones
import Datasets
import Foundation
import Testing
import Training
import TuningMethods

@testable import Experiments

/// Plans that use everything that a run can have.
private let plans: [Plan] = [
  Run(PromptTuning(length: 3), on: .rte, with: .nano).seeds(1...3).learningRate(0.1, 3, 1e-7),
  Run(DePT(), on: .rte, with: .nano).learningRates(prompt: 0.3, lowRank: 5e-4),
  Run(DePT(), on: .rte, with: .nano).learningRates(prompt: 0.3, lowRank: 0.3),
  Run(LoRA(), on: [.rte, .cb], with: .nano).mixing(.equal, .temperature(3)),
  Run(LoRA(), on: [.rte, .cb], with: .nano).batchTokens(64, 128).decoding(.generation),
  Run(LoRA(), on: .rte, with: .nano).fewShot(4, 8, seeds: [2, 3]).labelWords("no", "yés \"☃\""),
  Run(LoRA(), on: .rte, with: .nano).template("{sentence1} \\ {sentence2}").asPublished(),
  Run(LoRA(), on: .length(8), with: .random(.t5Large)).timing(.training).precision(.bfloat16),
  Run(Stacked(LoRA(rank: 2), BitFit()), on: .rte, with: .nano).evaluate(every: 7, limit: 3),
  Run(SPoT(), on: .rte, with: .nano)
    .after(
      Run(PromptTuning(), on: .mnli, with: .nano)
        .after(Run(PromptTuning(), on: .qqp, with: .nano))),
]

@Suite("A plan as a table of pieces") struct PlanTableTests {
  @Test("every description is word for word that of the run alone", arguments: plans)
  func descriptions(plan: Plan) throws {
    var descriptions = RunDescriptions()
    for spec in (plan.entries + plans[0].entries).map(\.spec) {
      let row = descriptions.row(of: spec)
      #expect(descriptions.pieces.spec(row) == spec)
      let text = try descriptions.beginning(of: row) + descriptions.ending(of: row)
      #expect(try text == spec.canonicalDescription())
    }
  }

  @Test("a plan crosses the pipe unchanged, whatever its runs have")
  func wire() throws {
    var plan = RunPlan(
      Plan(plans.flatMap(\.entries)), knowing: .standard)
    plan.runs[1].priority = -3
    plan.runs[2].search = PlanSearch(
      id: "a", rule: .best(on: .validation), perTask: true, seeds: [1, 2],
      location: SourceLocation(file: "b.swift", line: 3))
    plan.runs[3].bracket = PlanBracket(
      id: "c", rule: .successiveHalving(factor: 3, from: 10), metric: "accuracy")
    plan.runs[4].location = nil
    plan.runs[5].spec.seed = .min
    plan.runs[6].spec.method.hyperparameters["none"] = .null
    plan.issues = [PlanIssue("one", at: SourceLocation(file: "d\"\n.swift", line: 1))]
    plan.order = .interleaved(by: "dataset")
    plan.notes = ["# ☃", ""]
    #expect(plan.runs.filter(\.isSource).count == 2)
    let back = try PlanTable(decoding: try PlanTable(plan).encoded()).plan
    #expect(back == plan)
  }

  @Test("whatever is damaged in a plan on the pipe is an error")
  func damaged() throws {
    let whole = try PlanTable(RunPlan(plans[0], knowing: .standard)).encoded()
    for length in stride(from: 0, to: whole.count - 2, by: 7) {
      #expect(throws: PlanTable.Fault.self) {
        try PlanTable(decoding: Data(whole.prefix(length)))
      }
    }
    let text = String(decoding: whole, as: UTF8.self)
    for (old, new) in [
      ("\"backbones\":[\"nano\"]", "\"backbones\":[]"), ("\"runs\":\"0 ", "\"runs\":\"9 "),
      ("\"runs\":\"0 ", "\"runs\":\"x "), ("\"runs\":\"0 ", "\"runs\":\""),
      ("\"notes\":[]", "\"notes\":1"), ("\"sources\":\"0 ", "\"sources\":\"1 0 0 0 0 0 1 0 "),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text, "\(old)")
      #expect(throws: PlanTable.Fault.self, "\(new)") {
        try PlanTable(decoding: Data(changed.utf8))
      }
    }
    #expect(throws: PlanTable.Fault.format(3)) {
      try PlanTable(decoding: Data("{\"format\":3}".utf8))
    }
  }
}

@Suite("JSON values without text") struct JSONValueEncodingTests {
  private struct Everything: Codable, Hashable {
    enum Shape: Codable, Hashable { case empty, pair(Int, name: String) }
    var whole = 2.0
    var tiny = 1e-300
    var single: Float = 0.1
    var byte: UInt8 = 255
    var large = UInt64(Int.max)
    var none: Int?
    var shapes: [Shape] = [.empty, .pair(3, name: "é\"\n")]
    var byNumber: [Int: Bool] = [1: true]
    var place: URL? = URL(string: "https://example.org/a?b")
    var data = Data([1, 2, 3])
    var date = Date(timeIntervalSinceReferenceDate: 1.5)
    var nested: [[String: [Double]]] = [["a": [0.5, -0.0]], [:]]
    var value = JSONValue.array([.null, .number(3), .object(["k": .null])])
  }

  @Test("a value encodes as JSONEncoder would have it read back, and decodes again")
  func encoding() throws {
    let everything = Everything()
    let byText = try JSONDecoder().decode(
      JSONValue.self, from: try JSONEncoder().encode(everything))
    let direct = try JSONValue(encoding: everything)
    #expect(direct == byText)
    #expect(try JSONValue(parsing: try JSONEncoder().encode(everything)) == byText)
    #expect(try JSONValue(parsing: Data(direct.text.utf8)) == direct)
    var back = try direct.decoded(as: Everything.self)
    // Whole numbers are integers once they were JSON.
    back.value = everything.value
    #expect(back == everything)
  }

  @Test("a number that JSON does not have is refused, wherever it is")
  func notFinite() {
    for value in [Double.nan, .infinity] {
      #expect(throws: EncodingError.self) { try JSONValue(encoding: [value]) }
      #expect(throws: EncodingError.self) { try JSONValue(encoding: ["a": Float(value)]) }
      #expect(throws: EncodingError.self) { try JSONValue(encoding: JSONValue.number(value)) }
    }
  }

  @Test(
    "text is read as JSONDecoder reads it",
    arguments: [
      "[1,-2,3.5,1e3,-1E-2,12345678901234567890,9223372036854775807,0.1]",
      #"{"a":"\u00e9\ud83d\ude00\n\/","b":{},"c":[],"d":null," e ":true}"#, " [ false ] \n",
      "\"x\"",
    ])
  func parsing(text: String) throws {
    let data = Data(text.utf8)
    #expect(
      try JSONValue(parsing: data) == JSONDecoder().decode(JSONValue.self, from: data))
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", "{", "[1,]", "{\"a\"}", "tru", "\"a", "1 2", "-", "[1e999]", #""\x""#, #""\ud800""#,
      String(repeating: "[", count: 10_000), "{\"a\":1,}", "1+2", "'a'",
    ])
  func malformed(text: String) {
    #expect(throws: (any Error).self) { try JSONValue(parsing: Data(text.utf8)) }
  }
}
