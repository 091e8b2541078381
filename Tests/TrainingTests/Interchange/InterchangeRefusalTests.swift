import Checkpoints
import DeptTesting
import NeuralNetworks
import Testing
import Training
import TuningMethods

/// What PEFT has nothing for, and folders that belong to another model.
@Suite struct InterchangeRefusalTests {
  private static let without: [any TuningMethod] = [
    DePT(promptLength: 2, rank: 2, sourceLength: 20), BitFit(), Adapter(), FullFineTuning(),
    LoRABitFit(rank: 2), Stacked(PromptTuning(length: 2), LoRA(rank: 1)),
    Stacked(MPT(length: 2), LoRA(rank: 1)), ADePT(), AdapterDrop(),
  ]

  @Test("a method that PEFT does not have is refused by its name")
  func without() throws {
    let subject = try InterchangeCase(.version10)
    for method in Self.without {
      let adaptation = method.adaptation(of: subject.model.anatomy)
      let error = #expect(throws: InterchangeError.self) {
        try subject.folder(method, subject.parameters(adaptation))
      }
      let name = type(of: method).name
      #expect(error?.description.contains("an adapter of '\(name)' cannot") == true)
      #expect(error?.description.contains("it has lora, ia3, pt") == true)
    }
    let head = LoRA(rank: 1, targets: .parts(.head))
    let error = #expect(throws: InterchangeError.self) {
      try subject.folder(
        head, subject.parameters(head.adaptation(of: subject.model.anatomy)))
    }
    #expect(error?.description.contains("output head") == true)
  }

  private func failure(_ kind: PEFTKind, _ tensors: [PEFTFolder.Tensor], task: Int? = nil) throws
    -> String
  {
    let folder = PEFTFolder(
      configuration: PEFTConfiguration(kind: kind, taskType: nil, baseModel: nil),
      tensors: tensors)
    let model = try InterchangeCase(.version10).model
    let error = #expect(throws: (any Error).self) {
      try PEFTInterchange(model).adapter(folder, path: "the-folder", task: task)
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("the-folder"))
    #expect(!text.contains("\n"))
    return text
  }

  private func tensor(_ name: String, _ shape: [Int]) -> PEFTFolder.Tensor {
    .init(name: name, shape: shape, values: Array(repeating: 1, count: shape.reduce(1, *)))
  }

  @Test("a folder of another model is refused by what does not fit")
  func foreign() throws {
    let lora = PEFTKind.lora(PEFTLoRA(rank: 2, alpha: 4, modules: nil))
    let q = "base_model.model.encoder.block.0.layer.0.SelfAttention.q"
    func pair(_ module: String, _ a: [Int], _ b: [Int]) -> [PEFTFolder.Tensor] {
      [tensor(module + ".lora_A.weight", a), tensor(module + ".lora_B.weight", b)]
    }
    #expect(try failure(lora, []).contains("no tensors"))
    #expect(try failure(lora, [tensor("prompt_embeddings", [1])]).contains("'prompt_embeddings'"))
    let gpt = pair("base_model.model.transformer.h.0.attn.c_attn", [2, 16], [48, 2])
    #expect(try failure(lora, gpt).contains("'transformer.h.0.attn.c_attn'"))
    #expect(try failure(lora, pair(q, [2, 15], [12, 2])).contains("[r, 16] and [12, r]"))
    #expect(try failure(lora, pair(q, [2, 16], [12, 3])).contains("[r, 16] and [12, r]"))
    #expect(try failure(lora, pair(q, [0, 16], [12, 0])).contains("[r, 16]"))
    #expect(try failure(lora, pair(q, [2, 16, 1], [12, 2])).contains("a matrix is needed"))
    #expect(
      try failure(lora, [tensor(q + ".lora_A.weight", [2, 16])]).contains("lora_B.weight"))
    #expect(
      try failure(lora, pair("base_model.model.lm_head", [1, 16], [29, 1])).contains("head"))
    let ia3 = PEFTKind.ia3(PEFTScaling(modules: nil, feedForwardModules: nil))
    #expect(try failure(ia3, [tensor(q + ".ia3_l", [1, 16])]).contains("[1, 16]"))
    #expect(try failure(ia3, [tensor(q + ".ia3_l", [13, 1])]).contains("[13, 1]"))
  }

  @Test("prompts of another width and tasks without a choice are refused")
  func prompts() throws {
    let one = PEFTPrompt(tokenCount: 2, width: 16, headCount: nil, layerCount: nil)
    let wide = [tensor("prompt_embeddings", [2, 17])]
    #expect(try failure(.promptTuning(one), wide).contains("[2, 16]"))
    #expect(try failure(.pTuning(one), []).contains("prompt_embeddings"))
    let offset = PEFTOffset(rank: 2, alpha: 8, length: 9)
    let alone = [tensor("prompt_embeddings", [2, 16])]
    #expect(
      try failure(.decomposedPromptTuning(one, offset), alone).contains("lora_embedding_A"))
    let shared = [
      tensor("prompt_embeddings", [2, 16]), tensor("prefix_task_cols", [3, 2, 1]),
      tensor("prefix_task_rows", [3, 1, 16]),
    ]
    func multitask(_ prompt: PEFTPrompt, ranks: Int = 1) -> PEFTKind {
      .multitaskPromptTuning(prompt, taskCount: 3, rankCount: ranks)
    }
    #expect(try failure(multitask(one), shared).contains("choose one with --task, 0 to 2"))
    #expect(try failure(multitask(one), shared, task: 3).contains("--task"))
    #expect(try failure(multitask(one, ranks: 2), shared, task: 0).contains("rank 2"))
    var two = one
    two.stackCount = 2
    #expect(try failure(multitask(two), shared, task: 0).contains("decoder's input"))
  }
}
