/// The parameters that share a learning rate. DePT needs two (arXiv 2309.05173, §3.2).
public enum ParameterGroup: String, Hashable, Sendable, Codable, CaseIterable {
  /// A soft prompt, an adapter, a LoRA pair, a weight.
  case main
  /// DePT's low-rank pair.
  case lowRank
}
