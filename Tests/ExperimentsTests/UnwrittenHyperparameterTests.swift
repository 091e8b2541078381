import Experiments
import Testing
import TuningMethods

/// Hyperparameters that a method does not write while they have their default.
@Suite struct UnwrittenHyperparameterTests {
  private func method(_ name: String, _ settings: [String: JSONValue]) throws -> any TuningMethod {
    try MethodDescription(name: name, hyperparameters: settings).catalogued()
  }

  @Test("what is nil by default can be set")
  func absent() throws {
    #expect(try MethodDescription(PrefixTuning()).hyperparameters["hiddenWidth"] == nil)
    let made = try method("prefix", ["hiddenWidth": .integer(8)]) as? PrefixTuning
    #expect(made == PrefixTuning(hiddenWidth: 8))
    #expect(try method("prefix", ["hiddenWidth": .null]) as? PrefixTuning == PrefixTuning())
    #expect {
      try method("prefix", ["hidenWidth": .integer(8)])
    } throws: {
      "\($0)".contains("did you mean 'hiddenWidth'?")
    }
  }

  @Test("DePT's alignment leaves older runs as they were described")
  func alignment() throws {
    let plain = try MethodDescription(DePT())
    #expect(
      Set(plain.hyperparameters.keys) == ["promptLength", "rank", "sourceLength", "alpha", "start"])
    #expect(try MethodDescription(DePT(alignment: .start)) == plain)
    let other = try MethodDescription(DePT(alignment: .end))
    #expect(other.hyperparameters["alignment"] == .string("end"))
    #expect(try other.catalogued() as? DePT == DePT(alignment: .end))
    #expect(try plain.catalogued() as? DePT == DePT())
    #expect(try method("dept", ["alignment": .string("start")]) as? DePT == DePT())
    #expect(throws: MethodDescriptionError.self) {
      try method("dept", ["alignment": .string("middle")])
    }
  }

  @Test("starts of prompts are written as before, and labels as a list")
  func starts() throws {
    func start(_ start: PromptStart) throws -> JSONValue? {
      try MethodDescription(PromptTuning(start: start)).hyperparameters["start"]
    }
    #expect(try start(.sampledVocabulary) == .object(["sampledVocabulary": .object([:])]))
    #expect(try start(.random) == .object(["random": .object([:])]))
    #expect(try start(.text("a")) == .object(["text": .object(["_0": .string("a")])]))
    #expect(
      try start(.labels(["a", "b"]))
        == .object(["labels": .object(["_0": .array([.string("a"), .string("b")])])]))
  }
}
