/// Where one tensor lies in a safetensors file.
public struct TensorEntry: Hashable, Sendable {
  public let name: String
  public let type: StorageType
  /// The lengths of its axes; empty for a single number.
  public let shape: [Int]
  /// Its bytes, counted from the start of the file.
  public let bytes: Range<Int>

  /// How many numbers it has.
  public var elementCount: Int { shape.reduce(1, *) }
}
