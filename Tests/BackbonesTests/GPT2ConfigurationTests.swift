import Backbones
import DeptTesting
import Foundation
import NeuralNetworks
import Testing

/// GPT-2's `config.json` with one key changed.
@Suite struct GPT2ConfigurationTests {
  private static var small: [String: Any] {
    [
      "model_type": "gpt2", "vocab_size": 61, "n_embd": 24, "n_head": 3, "n_layer": 2,
      "n_positions": 40, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new",
      "resid_pdrop": 0.1, "embd_pdrop": 0.1, "attn_pdrop": 0.1, "eos_token_id": 60,
    ]
  }

  @Test("the published models have their published sizes")
  func sizes() throws {
    let sizes: [(BackboneID, Int)] = [
      (.gpt2, 124_439_808), (.gpt2Medium, 354_823_168), (.gpt2Large, 774_030_080),
    ]
    for (id, count) in sizes {
      let architecture = try BackboneCatalogue.standard.architecture(id, directory: nil)
      #expect(try architecture.described().anatomy.scalarCount == count)
    }
  }

  @Test("what is written is read, and what may be missing has Hugging Face's value")
  func reading() throws {
    guard case .gpt2(let read) = try architecture([:]) else {
      Issue.record("it is read as another family")
      return
    }
    #expect(read.innerWidth == 96 && read.positionCount == 40 && read.endToken == 60)
    #expect(read.activation == .approximateGELU && read.isHeadTied && read.scalesScores)
    let other = try architecture([
      "n_inner": 50, "activation_function": "gelu", "tie_word_embeddings": false,
      "scale_attn_weights": false, "n_positions": nil,
    ])
    var expected = read
    (expected.innerWidth, expected.activation, expected.isHeadTied) = (50, .gelu, false)
    (expected.scalesScores, expected.positionCount) = (false, 1024)
    #expect(other == .gpt2(expected))
    #expect(try architecture(["n_inner": NSNull()]) == .gpt2(read))
  }

  @Test(
    "what no model can be, or is not built in, is refused with the key that says so",
    arguments: [
      ("n_embd", "0"), ("n_embd", "25"), ("n_head", "-1"), ("n_layer", "1e9"), ("n_layer", "2000"),
      ("n_inner", "0"), ("n_positions", "0"), ("vocab_size", "1e8"), ("eos_token_id", "61"),
      ("eos_token_id", "null"), ("resid_pdrop", "0.2"), ("attn_pdrop", "0"),
      ("layer_norm_epsilon", "0"), ("activation_function", "\"relu\""), ("n_embd", "\"wide\""),
      ("scale_attn_by_inverse_layer_idx", "true"), ("add_cross_attention", "true"),
    ])
  func refused(key: String, value: String) throws {
    let value = try JSONSerialization.jsonObject(
      with: Data(value.utf8), options: .fragmentsAllowed)
    let error = #expect(throws: BackboneError.self) { try architecture([key: value]) }
    let text = try #require(error).description
    #expect(text.contains(key) && text.hasSuffix("."), "\(text)")
  }

  @Test("another family is refused by the names of those that are built in")
  func families() throws {
    let error = #expect(throws: BackboneError.self) { try architecture(["model_type": "bert"]) }
    let text = try #require(error).description
    #expect(text.contains("'bert'") && text.contains("T5") && text.contains("GPT-2"))
    let (other, own) = (try folder(["model_type": "t5"]), try folder([:]))
    withExtendedLifetime((other, own)) {
      #expect(throws: BackboneError.self) { try GPT2Configuration(directory: other.path) }
      #expect(throws: BackboneError.self) { try T5Configuration(directory: own.path) }
    }
  }

  private func architecture(_ changes: [String: Any?]) throws -> Architecture {
    let folder = try folder(changes)
    return try withExtendedLifetime(folder) { try Architecture(directory: folder.path) }
  }

  private func folder(_ changes: [String: Any?]) throws -> TemporaryFolder {
    var object = Self.small
    for (key, value) in changes { object[key] = value }
    let folder = try TemporaryFolder()
    try JSONSerialization.data(withJSONObject: object)
      .write(to: URL(filePath: "\(folder.path)/config.json"))
    return folder
  }
}
