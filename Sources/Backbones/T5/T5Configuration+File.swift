extension T5Configuration {
  /// Reads `config.json` of a directory.
  ///
  /// - Throws: `BackboneError`.
  public init(directory: String) throws(BackboneError) {
    try self.init(ConfigurationFile(directory: directory))
  }

  /// - Throws: `BackboneError` where the file describes another architecture, or a model that
  ///   cannot be.
  init(_ file: ConfigurationFile) throws(BackboneError) {
    let family = file.family ?? "t5"
    guard family == "t5" else {
      throw .unsupported(path: file.path, architecture: family)
    }
    self = try file.decoded(T5Configuration.self)
    if let issue = impossibility {
      throw .malformedConfiguration(path: file.path, reason: issue)
    }
  }

  private var impossibility: String? {
    let sizes = [
      ("vocab_size", vocabularySize), ("d_model", width), ("d_kv", headWidth),
      ("num_heads", headCount), ("d_ff", innerWidth), ("num_layers", encoderLayerCount),
      ("num_decoder_layers", decoderLayerCount), ("relative_attention_num_buckets", bucketCount),
    ]
    if let size = sizes.first(where: { $0.1 < 1 || $0.1 > 1 << 20 }) {
      return "\(size.0) cannot be \(size.1)"
    }
    if max(encoderLayerCount, decoderLayerCount) > 1024 || headCount * headWidth > 1 << 20 {
      return "a model of that depth or width cannot be"
    }
    // Half of the buckets are for exact distances; the logarithm of the rest needs a longer reach.
    if bucketCount < 4 { return "relative_attention_num_buckets cannot be \(bucketCount)" }
    if maximumDistance <= bucketCount / 2 {
      return "relative_attention_max_distance has to be more than \(bucketCount / 2), not "
        + "\(maximumDistance)"
    }
    for (name, id) in [
      ("decoder_start_token_id", decoderStartToken), ("eos_token_id", endToken),
      ("pad_token_id", padToken),
    ] where !(0..<vocabularySize).contains(id) {
      return "\(name) is \(id), which is no id of a vocabulary of \(vocabularySize)"
    }
    if !(0..<1).contains(dropout) { return "dropout_rate cannot be \(dropout)" }
    return epsilon > 0 ? nil : "layer_norm_epsilon cannot be \(epsilon)"
  }
}
