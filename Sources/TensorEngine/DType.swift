/// The element type of a tensor, chosen at run time.
public enum DType: String, Hashable, Sendable, Codable, CaseIterable {
  /// IEEE 754 single precision; what everything trainable is kept in.
  case float32
  /// The upper half of single precision: frozen weights at half the memory. Products with it round
  /// both operands and add up in float32; nothing else reads it but `gathering`.
  case bfloat16

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    }
  }
}
