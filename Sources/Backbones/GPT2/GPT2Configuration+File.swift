import Foundation

extension GPT2Configuration {
  /// Reads `config.json` of a directory.
  ///
  /// - Throws: `BackboneError`.
  public init(directory: String) throws(BackboneError) {
    try self.init(ConfigurationFile(directory: directory))
  }

  /// - Throws: `BackboneError` where the file describes another architecture, or a model that
  ///   cannot be or is not supported.
  init(_ file: ConfigurationFile) throws(BackboneError) {
    guard file.family == "gpt2" else {
      throw .unsupported(path: file.path, architecture: file.family ?? "model of no type")
    }
    let variant = try file.decoded(Variant.self)
    self = try file.decoded(GPT2Configuration.self)
    if let issue = variant.issue(dropout) ?? impossibility {
      throw .malformedConfiguration(path: file.path, reason: issue)
    }
  }

  /// Keys that change what is computed, in ways that are not built in.
  ///
  /// `reorder_and_upcast_attn` is not among them: scores and softmax are float32 here anyway.
  private struct Variant: Decodable {
    let embd_pdrop, attn_pdrop: Float?
    let scale_attn_by_inverse_layer_idx, add_cross_attention: Bool?

    func issue(_ dropout: Float) -> String? {
      for (name, value) in [("embd_pdrop", embd_pdrop), ("attn_pdrop", attn_pdrop)] {
        guard let value, value != dropout else { continue }
        return "\(name) is \(value) and resid_pdrop \(dropout), but there is one probability of"
          + " dropout here: make them equal"
      }
      if scale_attn_by_inverse_layer_idx == true {
        return "scale_attn_by_inverse_layer_idx is not supported"
      }
      return add_cross_attention == true ? "add_cross_attention is not supported" : nil
    }
  }

  private var impossibility: String? {
    let sizes = [
      ("vocab_size", vocabularySize), ("n_embd", width), ("n_head", headCount),
      ("n_layer", layerCount), ("n_inner", innerWidth), ("n_positions", positionCount),
    ]
    if let size = sizes.first(where: { $0.1 < 1 || $0.1 > 1 << 20 }) {
      return "\(size.0) cannot be \(size.1)"
    }
    if layerCount > 1024 { return "n_layer cannot be \(layerCount)" }
    if width % headCount != 0 {
      return "n_embd, \(width), has to be a multiple of n_head, \(headCount)"
    }
    if !(0..<vocabularySize).contains(endToken) {
      return "eos_token_id is \(endToken), which is no id of a vocabulary of \(vocabularySize)"
    }
    if !(0..<1).contains(dropout) { return "resid_pdrop cannot be \(dropout)" }
    return epsilon > 0 ? nil : "layer_norm_epsilon cannot be \(epsilon)"
  }
}
