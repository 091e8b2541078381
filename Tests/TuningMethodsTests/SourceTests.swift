import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

/// What methods take from the adapters that a run starts from, and what they say where they cannot.
@Suite struct SourceTests {
  private let backbone: LoadedBackbone
  private var anatomy: Anatomy { backbone.model.anatomy }

  init() throws { backbone = try TinyBackbone.version10.loaded() }

  private func adapter(_ tensors: [String: Shape], seed: Int = 0) -> Parameters {
    var adapter = Parameters()
    for (name, shape) in tensors {
      adapter[name] = .normal(shape, deviation: 1, key: RandomKey(seed: seed).folding(name))
    }
    return adapter
  }

  private func start(
    _ method: any TuningMethod, _ sources: [Parameters], tasks: Int = 1
  ) -> Parameters {
    backbone.initialParameters(
      method.adaptation(of: anatomy, taskCount: tasks), seed: 1, sources: sources)
  }

  @Test("SPoT starts as the source's prompt")
  func spot() {
    let source = adapter(["encoder.input/prompt": [3, 16], "encoder.input/embedding.a": [2, 2]])
    #expect(SPoT(length: 3).issues(startingFrom: [source], on: anatomy).isEmpty)
    let started = start(SPoT(length: 3), [source])
    #expect(started.names == ["encoder.input/prompt"])
    #expect(started["encoder.input/prompt"].scalars == source["encoder.input/prompt"].scalars)
  }

  @Test("what cannot be started from is said in one sentence, with names and shapes")
  func issues() {
    let prompt = adapter(["encoder.input/prompt": [3, 16]])
    let lora = adapter(["encoder.0.query/lora.a": [16, 2]])
    func issue(_ method: any TuningMethod, _ sources: [Parameters], tasks: Int = 1) -> String {
      let issues = method.issues(startingFrom: sources, on: anatomy, taskCount: tasks)
      return issues.count == 1 ? issues[0] : "\(issues.count) issues"
    }
    #expect(issue(SPoT(length: 3), []).contains("1 other run, and none is given"))
    #expect(issue(SPoT(length: 3), [prompt, prompt]).contains("2 are given"))
    #expect(issue(SPoT(length: 3), [lora]).contains("'encoder.0.query/lora.a'"))
    #expect(issue(SPoT(length: 3), [Parameters()]).contains("nothing"))
    let other = issue(SPoT(length: 4), [prompt])
    #expect(other.contains("[4, 16]") && other.contains("[3, 16]"))
    #expect(issue(ATTEMPT(length: 3, sourceCount: 2), [prompt, lora]).contains("source 2"))
    #expect(issue(ATTEMPT(length: 3, sourceCount: 2), [prompt]).contains("2 other runs"))
    #expect(issue(MPT(length: 3), [lora]).contains("'encoder.input/prompt'"))
    let taught = MPT(length: 3, teacherWeight: 1)
    #expect(issue(taught, [prompt], tasks: 2).contains("source 2"))
    #expect(issue(taught, [prompt, prompt, prompt], tasks: 2).contains("3 adapters"))
    #expect(issue(taught, []).contains("none is given"))
    // The prompts of MPT and ATTEMPT are not what their tensor 'prompt' is.
    let product = adapter(["encoder.input/prompt": [3, 16], "encoder.input/task.row": [1, 3]])
    #expect(issue(SPoT(length: 3), [product]).contains("'encoder.input/task.row'"))
    #expect(issue(taught, [product]).contains("prompt tuning"))
    #expect(MPT(length: 3).issues(startingFrom: [product], on: anatomy).isEmpty)
    // Who asks for no sources says nothing of them.
    #expect(PromptTuning().issues(startingFrom: [lora, lora], on: anatomy).isEmpty)
  }

  @Test("ATTEMPT holds its sources in their order, and can be declared without any")
  func attempt() {
    let method = ATTEMPT(length: 3, sourceCount: 2, attentionWidth: 4)
    let sources = (0..<2).map { adapter(["encoder.input/prompt": [3, 16]], seed: $0) }
    #expect(method.issues(startingFrom: sources, on: anatomy).isEmpty)
    let started = start(method, sources)
    for index in 0..<2 {
      #expect(
        started["encoder.input/source.\(index)"].scalars
          == sources[index]["encoder.input/prompt"].scalars)
    }
    let declared = method.adaptation(of: anatomy, taskCount: 3)
    #expect(declared.parameters.filter(\.isHeld).count == 2 && declared.trained.count == 5)
    #expect(declared.parameters.first?.shape == [9, 16])
  }

  @Test("MPT takes the shared prompt of a stage before, and new vectors or the mean of its tasks")
  func mpt() {
    let stage = adapter([
      "encoder.input/prompt": [3, 16], "encoder.input/task.row": [4, 3],
      "encoder.input/task.column": [4, 16],
    ])
    let alone = start(MPT(length: 3), [])
    let fresh = start(MPT(length: 3), [stage])
    let mean = start(MPT(length: 3, taskStart: .mean), [stage], tasks: 2)
    for started in [fresh, mean] {
      #expect(started["encoder.input/prompt"].scalars == stage["encoder.input/prompt"].scalars)
    }
    #expect(alone["encoder.input/prompt"].scalars != stage["encoder.input/prompt"].scalars)
    #expect(fresh["encoder.input/task.row"].scalars == alone["encoder.input/task.row"].scalars)
    let rows = stage["encoder.input/task.row"].scalars
    for (index, value) in mean["encoder.input/task.row"].scalars.enumerated() {
      let expected = (0..<4).reduce(Float(0)) { $0 + rows[$1 * 3 + index % 3] / 4 }
      #expect(abs(value - expected) < 1e-6)
    }
    // A prompt alone has no vectors to take the mean of.
    let prompt = adapter(["encoder.input/prompt": [3, 16]])
    #expect(MPT(length: 3).issues(startingFrom: [prompt], on: anatomy).isEmpty)
    #expect(MPT(length: 3, taskStart: .mean).issues(startingFrom: [prompt], on: anatomy).count == 2)
  }

  @Test("a prompt that starts from labels has the means of their pieces, then sampled words")
  func labels() throws {
    let method = PromptTuning(length: 3, start: .labels(["ab", "c"]))
    let prompt = start(method, [])["encoder.input/prompt"]
    let table = try #require(backbone.model.weights[SitePath(.shared, nil, .embedding)])
    let tokenizer = ByteTokenizer(vocabularySize: 29)
    let ids = ["ab", "c"].map { tokenizer.encodeWithoutEnd($0).map(Int32.init) }
    let pieces = table.gathering(ids.flatMap(\.self)).scalars
    for column in 0..<16 {
      let mean = (pieces[column] + pieces[16 + column]) / 2
      #expect(abs(prompt.scalars[column] - mean) < 1e-6)
      #expect(prompt.scalars[16 + column] == pieces[32 + column])
    }
    let sampled = start(PromptTuning(length: 1), [])["encoder.input/prompt"]
    #expect(Array(prompt.scalars[32...]) == sampled.scalars)
    let fewer = start(PromptTuning(length: 1, start: .labels(["ab", "c"])), [])
    #expect(fewer["encoder.input/prompt"].scalars == Array(prompt.scalars[..<16]))
    // The end of the text stands for a label without pieces.
    let empty = start(PromptTuning(length: 1, start: .labels([""])), [])
    #expect(empty["encoder.input/prompt"].scalars == table.gathering([1]).scalars)
  }
}
