import Checkpoints
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Adapters as folders of PEFT and back: the same function of the model.
@Suite struct PEFTInterchangeTests {
  private static let encoderKeys = SiteSelector.stack(.encoder) && .parts(.key)
  private static let methods: [any TuningMethod] = [
    LoRA(rank: 2, alpha: 6), LoRA(rank: 3, alpha: 1, targets: .parts(.query, .up, .down, .output)),
    LoRA(rank: 1, targets: encoderKeys),
    IA3(), IA3(scalesFeedForward: true), PromptTuning(length: 4),
  ]

  @Test(
    "what goes to PEFT and comes back is the same adapter of a model with an encoder",
    arguments: TinyBackbone.encoderDecoders)
  func roundTrip(tiny: TinyBackbone) throws {
    let subject = try InterchangeCase(tiny)
    for method in Self.methods + [MPT(length: 3)] as [any TuningMethod] {
      let parameters = subject.parameters(method.adaptation(of: subject.model.anatomy))
      let back = try subject.read(try subject.folder(method, parameters))
      #expect(type(of: back.method).name == type(of: method).name)
      #expect(back.parameters.names == parameters.names, "\(method)")
      for name in parameters.names {
        #expect(back.parameters[name].scalars == parameters[name].scalars, "\(method) \(name)")
      }
      #expect(
        subject.logits(back.method, back.parameters) == subject.logits(method, parameters))
    }
  }

  private static let networks: [any TuningMethod] = [
    PTuning(length: 3, hiddenWidth: 4), PTuning(length: 3, hiddenWidth: 4, encoder: .lstm),
    PTuning(length: 3, hiddenWidth: 4, encoder: .tanh), MPT(length: 3), SPoT(length: 3),
    PrefixTuning(length: 3, targets: PrefixTuning.decoderSelfAttention),
    PrefixTuning(length: 3, hiddenWidth: 4, targets: PrefixTuning.decoderSelfAttention),
    DePT(promptLength: 3, rank: 0),
  ]

  @Test(
    "what goes to PEFT and comes back is the same function, without networks of prompts",
    arguments: [TinyBackbone.version10, .gpt2])
  func functions(tiny: TinyBackbone) throws {
    let subject = try InterchangeCase(tiny)
    let selected = Self.methods.filter { ($0 as? LoRA)?.targets != Self.encoderKeys }
    for method in selected + Self.networks {
      let parameters = subject.parameters(method.adaptation(of: subject.model.anatomy))
      let back = try subject.read(try subject.folder(method, parameters))
      let difference = InterchangeCase.largestDifference(
        subject.logits(back.method, back.parameters), subject.logits(method, parameters))
      #expect(difference < 1e-4, "\(method)")
      #expect(!back.parameters.names.contains { $0.contains("mlp") })
    }
  }

  @Test("the tasks of a run are the tasks of a folder, of which one is read")
  func tasks() throws {
    let subject = try InterchangeCase(.version10)
    let method = MPT(length: 3)
    let adaptation = method.adaptation(of: subject.model.anatomy, taskCount: 2)
    let parameters = subject.parameters(adaptation)
    let folder = try subject.interchange.folder(method, adaptation, parameters)
    #expect(try folder.tensor(named: "prefix_task_cols", path: "").shape == [2, 3, 1])
    let file = try subject.interchange.adapter(folder, path: "", task: 1)
    #expect(
      try file.values(named: "encoder.input/task.row", shape: [1, 3], path: "")
        == Array(parameters["encoder.input/task.row"].scalars[3..<6]))
    // A prompt that all tasks share is a prompt.
    let shared = PromptTuning(length: 2)
    let common = shared.adaptation(of: subject.model.anatomy, taskCount: 2)
    #expect(
      try subject.interchange.folder(shared, common, subject.parameters(common)).tensors.count
        == 1)
  }

  @Test("LoRA's matrices are turned, and named by modules")
  func names() throws {
    let subject = try InterchangeCase(.version10)
    let method = LoRA(rank: 2, alpha: 6)
    let parameters = subject.parameters(method.adaptation(of: subject.model.anatomy))
    let folder = try subject.folder(method, parameters)
    #expect(folder.configuration.taskType == "SEQ_2_SEQ_LM")
    #expect(folder.configuration.baseModel == "some-model")
    guard case .lora(let lora) = folder.configuration.kind else {
      Issue.record("not LoRA")
      return
    }
    #expect(lora.modules == .named(["q", "v"]))
    #expect((lora.rank, lora.alpha) == (2, 6))
    #expect(!lora.isFanInFanOut)
    let name = "base_model.model.decoder.block.0.layer.1.EncDecAttention.v"
    let a = try folder.tensor(named: name + ".lora_A.weight", path: "")
    let own = parameters["decoder.0.cross-value/lora.a"].scalars
    #expect(a.shape == [2, 16])
    #expect(a.values[0..<16].elementsEqual(stride(from: 0, to: 32, by: 2).map { own[$0] }))
    #expect(try folder.tensor(named: name + ".lora_B.weight", path: "").shape == [12, 2])
    // One stack's queries cannot be told from the other's by their last word.
    let encoder = LoRA(rank: 2, targets: .stack(.encoder) && .parts(.query, .up))
    let other = try subject.folder(
      encoder, subject.parameters(encoder.adaptation(of: subject.model.anatomy)))
    guard case .lora(let shorter) = other.configuration.kind,
      case .named(let names)? = shorter.modules
    else {
      Issue.record("not LoRA")
      return
    }
    #expect(
      names == [
        "block.1.layer.0.SelfAttention.q", "encoder.block.0.layer.0.SelfAttention.q",
        "layer.1.DenseReluDense.wi",
      ])
  }

  @Test("modules of other ranks and scales, and none at some sites, are the same function")
  func patterns() throws {
    let subject = try InterchangeCase(.version10)
    let prefix = "base_model.model.encoder.block."
    func pair(_ module: String, rank: Int, input: Int, output: Int) -> [PEFTFolder.Tensor] {
      let key = RandomKey(seed: 5).folding(module)
      return [
        .init(
          name: prefix + module + ".lora_A.weight", shape: [rank, input],
          values: Tensor.normal([rank, input], deviation: 1, key: key.folding("a")).scalars),
        .init(
          name: prefix + module + ".lora_B.weight", shape: [output, rank],
          values: Tensor.normal([output, rank], deviation: 1, key: key.folding("b")).scalars),
      ]
    }
    let (q, wi) = ("0.layer.0.SelfAttention.q", "1.layer.1.DenseReluDense.wi")
    let tensors =
      pair(q, rank: 4, input: 16, output: 12) + pair(wi, rank: 2, input: 16, output: 20)
    let lora = PEFTLoRA(
      rank: 4, alpha: 8, modules: nil, dividesByRoot: true,
      rankPattern: [.init(module: "wi", number: 2)],
      alphaPattern: [.init(module: "DenseReluDense.wi", number: 3)])
    let folder = PEFTFolder(
      configuration: PEFTConfiguration(kind: .lora(lora), taskType: nil, baseModel: nil),
      tensors: tensors)
    let back = try subject.read(folder)
    let method = try #require(back.method as? LoRA)
    let scale = method.alpha / Float(method.rank)
    let scales: [String: Float] = [q: 8 / 2, wi: 3 / Float(2).squareRoot()]
    for (module, site) in [(q, "encoder.0.query"), (wi, "encoder.1.up")] {
      let a = try folder.tensor(named: prefix + module + ".lora_A.weight", path: "")
      let b = try folder.tensor(named: prefix + module + ".lora_B.weight", path: "")
      let wanted =
        (scales[module] ?? 0)
        * Tensor(b.values, shape: b.shape).matmul(Tensor(a.values, shape: a.shape))
      let own =
        scale
        * back.parameters["\(site)/lora.a"].matmul(back.parameters["\(site)/lora.b"])
      let turned = (0..<wanted.shape[0]).flatMap { row in
        (0..<wanted.shape[1]).map { own.scalars[$0 * wanted.shape[0] + row] }
      }
      #expect(InterchangeCase.largestDifference(turned, wanted.scalars) < 1e-4)
    }
    #expect(back.parameters["encoder.1.query/lora.b"].scalars.allSatisfy { $0 == 0 })
  }

  @Test("queries, keys and values of one module are blocks of one pair, and a pair is divided")
  func fused() throws {
    let model = try FusedModel.described()
    let interchange = PEFTInterchange(model)
    let method = LoRA(rank: 2, alpha: 4, targets: .parts(.query, .value, .down))
    let adaptation = method.adaptation(of: model.anatomy)
    let parameters = try InterchangeCase(.version10).parameters(adaptation)
    let folder = try interchange.folder(method, adaptation, parameters)
    guard case .lora(let lora) = folder.configuration.kind else {
      Issue.record("not LoRA")
      return
    }
    #expect(folder.configuration.taskType == "CAUSAL_LM")
    #expect(lora.isFanInFanOut)
    #expect(lora.modules == .named(["c_attn", "mlp.c_proj"]))
    let module = "transformer.h.1.attn.c_attn"
    let a = try folder.tensor(named: "base_model.model.\(module).lora_A.weight", path: "")
    let b = try folder.tensor(named: "base_model.model.\(module).lora_B.weight", path: "")
    #expect(a.shape == [4, 4])
    #expect(b.shape == [12, 4])
    #expect(lora.scale(of: module, rank: 4) == 2)
    #expect(lora.scale(of: "transformer.h.1.mlp.c_proj", rank: 2) == 2)
    // The keys, which are not adapted, get nothing.
    #expect(b.values[16..<32].allSatisfy { $0 == 0 })
    let product = Tensor(b.values, shape: b.shape).matmul(Tensor(a.values, shape: a.shape))
    for (third, part) in [(0, "query"), (2, "value")] {
      let own = parameters["decoder.1.\(part)/lora.a"]
        .matmul(parameters["decoder.1.\(part)/lora.b"]).scalars
      for row in 0..<4 {
        for column in 0..<4 {
          let difference = product.scalars[(third * 4 + row) * 4 + column] - own[column * 4 + row]
          #expect(abs(difference) < 1e-5)
        }
      }
    }
    // Read again it is one pair for three parts; written again it is what it was.
    let back = try interchange.adapter(folder, path: "folder")
    let queries = try back.values(named: "decoder.1.query/lora.a", shape: [4, 4], path: "")
    #expect(queries == (try back.values(named: "decoder.1.key/lora.a", shape: [4, 4], path: "")))
    let whole = LoRA(rank: 4, alpha: 8, targets: .parts(.query, .key, .value, .down))
    var read = Parameters()
    for parameter in back.parameters {
      read[parameter.name] = Tensor(parameter.values, shape: parameter.shape)
    }
    let again = try interchange.folder(whole, whole.adaptation(of: model.anatomy), read)
    #expect(again.tensors.first { $0.name == a.name } == a)
    #expect(again.tensors.first { $0.name == b.name } == b)
  }

  @Test("scales of one module are its parts' side by side, ones where nothing is scaled")
  func fusedScales() throws {
    let model = try FusedModel.described()
    let interchange = PEFTInterchange(model)
    let method = IA3(scalesFeedForward: true)
    let adaptation = method.adaptation(of: model.anatomy)
    let parameters = try InterchangeCase(.version10).parameters(adaptation)
    let folder = try interchange.folder(method, adaptation, parameters)
    let scale = try folder.tensor(
      named: "base_model.model.transformer.h.0.attn.c_attn.ia3_l", path: "")
    #expect(scale.shape == [12, 1])
    #expect(scale.values[0..<4].allSatisfy { $0 == 1 })
    #expect(Array(scale.values[4..<8]) == parameters["decoder.0.key/ia3"].scalars)
    let down = try folder.tensor(
      named: "base_model.model.transformer.h.0.mlp.c_proj.ia3_l", path: "")
    #expect(down.shape == [1, 6])
    let back = try interchange.adapter(folder, path: "folder")
    #expect(back.parameters.map(\.name) == parameters.names)
    for parameter in back.parameters {
      #expect(parameter.values == parameters[parameter.name].scalars)
    }
  }

  @Test("an offset of the authors becomes DePT")
  func authors() throws {
    let subject = try InterchangeCase(.version10)
    let prompt = PEFTPrompt(tokenCount: 3, width: 16, headCount: 2, layerCount: 2)
    func tensor(_ name: String, _ shape: [Int]) -> PEFTFolder.Tensor {
      let key = RandomKey(seed: 1).folding(name)
      return .init(
        name: name, shape: shape,
        values: Tensor.normal(shape, deviation: 1, key: key).scalars)
    }
    let tensors = [
      tensor("prompt_embeddings", [3, 16]), tensor("prompt_encoder.lora_embedding_A", [9, 2]),
      tensor("prompt_encoder.lora_embedding_B", [2, 16]),
    ]
    for length in [9, nil] {
      let folder = PEFTFolder(
        configuration: PEFTConfiguration(
          kind: .decomposedPromptTuning(prompt, PEFTOffset(rank: 2, alpha: 5, length: length)),
          taskType: "SEQ_2_SEQ_LM", baseModel: nil), tensors: tensors)
      let back = try subject.read(folder)
      let method = try #require(back.method as? DePT)
      #expect(method.promptLength == 3 && method.rank == 2)
      #expect(method.sourceLength == 9 && method.alpha == 5)
      #expect(back.parameters["encoder.input/prompt"].scalars == tensors[0].values)
      #expect(back.parameters["encoder.input/embedding.a"].scalars == tensors[1].values)
      #expect(back.parameters["encoder.input/embedding.b"].scalars == tensors[2].values)
    }
  }
}
