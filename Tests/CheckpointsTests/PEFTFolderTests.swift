import Checkpoints
import Foundation
import Testing

/// Folders of Hugging Face's PEFT.
@Suite struct PEFTFolderTests {
  private static let prompt = PEFTPrompt(tokenCount: 3, width: 4, headCount: 2, layerCount: 5)
  private static let kinds: [PEFTKind] = [
    .lora(
      PEFTLoRA(
        rank: 2, alpha: 3.5, modules: .named(["q", "v"]), dropout: 0.1, isFanInFanOut: true,
        dividesByRoot: true, rankPattern: [.init(module: "block.0.q", number: 4)],
        alphaPattern: [.init(module: "^encoder.q", number: 7)])),
    .lora(PEFTLoRA(rank: 1, alpha: 16, modules: .matching(".*q"))),
    .ia3(PEFTScaling(modules: .named(["k", "wo"]), feedForwardModules: .named(["wo"]))),
    .ia3(PEFTScaling(modules: .named(["k"]), feedForwardModules: nil, isFanInFanOut: true)),
    .promptTuning(prompt), .prefixTuning(prompt), .pTuning(prompt),
    .multitaskPromptTuning(prompt, taskCount: 6, rankCount: 1),
    .decomposedPromptTuning(prompt, PEFTOffset(rank: 2, alpha: 8, length: 10)),
  ]

  @Test("what is written is read again, for every kind", arguments: kinds)
  func roundTrip(kind: PEFTKind) throws {
    try inTemporaryFolder { folder in
      let path = folder + "/new/adapter"
      let tensors: [PEFTFolder.Tensor] = [
        .init(name: "a", shape: [2], values: [1, -2]), .init(name: "b", shape: [], values: [0.5]),
      ]
      let written = PEFTFolder(
        configuration: PEFTConfiguration(
          kind: kind, taskType: "SEQ_2_SEQ_LM", baseModel: "a \"model\""), tensors: tensors)
      try written.write(to: path)
      #expect(PEFTFolder.isFolder(path))
      var read = try PEFTFolder(path: path)
      if case .ia3(var scaling) = read.configuration.kind, scaling.feedForwardModules == .named([])
      {
        scaling.feedForwardModules = nil
        read.configuration.kind = .ia3(scaling)
      }
      #expect(read == written)
      #expect(PEFTKind.names.contains(kind.name))
      #expect(try read.values(named: "a", shape: [2], path: path) == [1, -2])
      #expect(throws: CheckpointError.self) { try read.values(named: "a", shape: [1], path: path) }
      #expect(throws: CheckpointError.self) { try read.values(named: "c", shape: [1], path: path) }
    }
  }

  private func failure(_ configuration: String) throws -> String {
    try withTemporaryPath("adapter") { path in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try write(Array(configuration.utf8), to: path + "/adapter_config.json")
      let error = #expect(throws: CheckpointError.self) { _ = try PEFTFolder(path: path) }
      let text = try #require(error).description
      #expect(text.contains(path))
      #expect(!text.contains("\n"))
      return text
    }
  }

  @Test(
    "a configuration that cannot be used is one sentence with the file and the field",
    arguments: [
      (#"{"r": 8}"#, "field 'peft_type'"),
      (#"{"peft_type": 3}"#, "'peft_type'"),
      (
        #"{"peft_type": "BOFT"}"#,
        "peft_type 'BOFT', which is not read here: the supported ones are LORA, IA3"
      ),
      (#"{"peft_type": "LORA", "lora_alpha": 8}"#, "field 'r'"),
      (#"{"peft_type": "LORA", "r": "8", "lora_alpha": 8}"#, "whole number"),
      (#"{"peft_type": "LORA", "r": true, "lora_alpha": 8}"#, "field 'r'"),
      (#"{"peft_type": "LORA", "r": -8, "lora_alpha": 8}"#, "field 'r'"),
      (#"{"peft_type": "LORA", "r": 0, "lora_alpha": 8}"#, "at least 1"),
      (#"{"peft_type": "LORA", "r": 8, "r": 9, "lora_alpha": 8}"#, "a second time"),
      (#"{"peft_type": "LORA", "r": 8}"#, "field 'lora_alpha'"),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": "x"}"#, "not a number"),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "use_dora": true}"#, "'use_dora'"),
      (
        #"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "modules_to_save": ["head"]}"#,
        "'modules_to_save'"
      ),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "bias": "all"}"#, "is 'all'"),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "use_rslora": 1}"#, "true or false"),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "target_modules": 1}"#, "target_modules"),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "target_modules": [1]}"#, "not a text"),
      (
        #"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "alpha_pattern": {"q(": 1}}"#,
        "the expression 'q('"
      ),
      (#"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "alpha_pattern": []}"#, "alpha_pattern"),
      (
        #"{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "alpha_pattern": {"q": "x"}}"#, "for 'q'"
      ),
      (#"{"peft_type": "PROMPT_TUNING"}"#, "field 'num_virtual_tokens'"),
      (#"{"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 0}"#, "at least one token"),
      (
        #"{"peft_type": "P_TUNING", "num_virtual_tokens": 1, "num_transformer_submodules": 3}"#,
        "num_transformer_submodules"
      ),
      (#"{"peft_type": "PROMPT_TUNING_LORA", "num_virtual_tokens": 1}"#, "field 'r'"),
      ("", "ends too early"), ("[]", "not a JSON object"), ("nonsense", "not JSON"),
    ])
  func fields(configuration: String, reason: String) throws {
    let text = try failure(configuration)
    #expect(text.contains(reason), "\(text)")
  }

  @Test("a folder without its files says which one is missing")
  func missing() throws {
    try inTemporaryFolder { folder in
      let none = #expect(throws: CheckpointError.self) { _ = try PEFTFolder(path: folder) }
      #expect(none?.description.contains("has no adapter_config.json") == true)
      #expect(none?.isMissingInput == true)
      #expect(!PEFTFolder.isFolder(folder))
      let text = #"{"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 1}"#
      try write(Array(text.utf8), to: folder + "/adapter_config.json")
      let weights = #expect(throws: CheckpointError.self) { _ = try PEFTFolder(path: folder) }
      #expect(
        weights?.description.contains("has no adapter_model.safetensors or adapter_model.bin")
          == true)
      let nowhere = #expect(throws: CheckpointError.self) { _ = try PEFTFolder(path: "/no/such") }
      #expect(nowhere == .missingFile(path: "/no/such"))
    }
  }

  @Test("a folder with adapter_model.bin is read, fields of null as if they were missing")
  func pickled() throws {
    try inTemporaryFolder { folder in
      let text =
        #"{"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 2, "num_transformer_submodules": null"#
        + #", "task_type": "SEQ_2_SEQ_LM", "revision": null, "later": {"a": [1.5]}}"#
      try write(Array(text.utf8), to: folder + "/adapter_config.json")
      let pickle = PickledBytes.dictionary { pickle in
        pickle.text("prompt_embeddings")
        pickle.tensor("Float", key: "0", of: 2, shape: [2, 1], strides: [1, 1])
      }
      let zip = StoredZip(pickle: pickle, storages: [("0", [0, 0, 128, 63, 0, 0, 0, 64])])
      try write(zip.bytes, to: folder + "/adapter_model.bin")
      let read = try PEFTFolder(path: folder)
      #expect(read.tensors == [.init(name: "prompt_embeddings", shape: [2, 1], values: [1, 2])])
      #expect(
        read.configuration.kind
          == .promptTuning(
            PEFTPrompt(tokenCount: 2, width: nil, stackCount: 2, headCount: nil, layerCount: nil)))
      #expect(read.configuration.baseModel == nil)
    }
  }

  @Test("a module's scale is its own alpha through its rank, or the root of it")
  func scales() {
    var lora = PEFTLoRA(rank: 4, alpha: 8, modules: nil)
    lora.alphaPattern = [.init(module: "0.q", number: 2), .init(module: "^a.b", number: 12)]
    #expect(lora.scale(of: "encoder.1.q", rank: 4) == 2)
    #expect(lora.scale(of: "encoder.0.q", rank: 4) == 0.5)
    #expect(lora.scale(of: "encoder.10.q", rank: 4) == 2)
    #expect(lora.scale(of: "a.b", rank: 4) == 3)
    #expect(lora.scale(of: "x.a.b", rank: 4) == 2)
    lora.dividesByRoot = true
    #expect(lora.scale(of: "encoder.1.q", rank: 16) == 2)
  }

  @Test(
    "the authors' folders are read",
    .enabled(
      if: SharedFolder.has("weights/dept-official/cola", "weights/dept-official/sst2"),
      "\(SharedFolder.reason)"), arguments: [("cola", 80, 15), ("sst2", 60, 30)])
  func authors(task: String, tokens: Int, rank: Int) throws {
    let shared = try #require(SharedFolder.path)
    let read = try PEFTFolder(path: "\(shared)/weights/dept-official/\(task)")
    let prompt = PEFTPrompt(tokenCount: tokens, width: 768, headCount: 12, layerCount: 12)
    let offset = PEFTOffset(rank: rank, alpha: 8, length: 256)
    #expect(
      read.configuration
        == PEFTConfiguration(
          kind: .decomposedPromptTuning(prompt, offset), taskType: "SEQ_2_SEQ_LM",
          baseModel: "t5-base"))
    #expect(read.tensors.map(\.shape) == [[tokens, 768], [256, rank], [rank, 768]])
  }
}
