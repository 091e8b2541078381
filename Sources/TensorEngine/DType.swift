/// The element type of a tensor, chosen at run time.
public enum DType: String, Hashable, Sendable, Codable {
  /// IEEE 754 single precision; what everything trainable is kept in.
  case float32

  /// Bytes of one element.
  public var byteCount: Int { 4 }
}
