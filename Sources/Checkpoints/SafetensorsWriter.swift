import Foundation

/// Collects tensors and writes them as one safetensors file, whole or not at all.
///
/// Equal tensors and metadata give equal bytes, whatever the order they were added in.
public struct SafetensorsWriter: Sendable {
  /// How floats are stored.
  public enum FloatStorage: Hashable, Sendable {
    case float32
    /// Rounded to the nearest, ties to even.
    case bfloat16
  }

  /// Texts about the file. transformers loads only files whose `format` is `pt`.
  public var metadata: [String: String]

  private var tensors: [String: StoredTensor] = [:]

  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Adds a tensor of floats in row-major order.
  public mutating func add(
    _ name: String, shape: [Int], floats: [Float], as storage: FloatStorage = .float32
  ) throws(CheckpointError) {
    let type: StorageType =
      switch storage {
      case .float32: .float32
      case .bfloat16: .bfloat16
      }
    try add(StoredTensor(name: name, type: type, shape: shape, contents: .floats(floats)))
  }

  /// Adds a tensor given as bytes of its stored numbers (little-endian, row-major).
  public mutating func add(_ name: String, shape: [Int], type: StorageType, bytes: [UInt8])
    throws(CheckpointError)
  {
    try add(StoredTensor(name: name, type: type, shape: shape, contents: .bytes(bytes)))
  }

  /// Writes the file: to a temporary one in the same directory first, which then takes the path.
  public func write(to path: String) throws(CheckpointError) {
    let tensors = arranged
    let header = header(of: tensors)
    try AtomicFile.write(to: path) { sink throws(CheckpointError) in
      try sink.put(header)
      for tensor in tensors { try tensor.put(into: sink) }
    }
  }

  private mutating func add(_ tensor: StoredTensor) throws(CheckpointError) {
    try tensor.check()
    guard tensor.name != "__metadata__" else {
      throw .unwritableTensor(tensor: tensor.name, reason: "its name stands for the metadata")
    }
    guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
      throw .unwritableTensor(tensor: tensor.name, reason: "two tensors have this name")
    }
  }

  /// The tensors in the order of the file: wide numbers first, so that each is aligned; by name.
  private var arranged: [StoredTensor] {
    tensors.values.sorted {
      ($1.type.byteCount, $0.name) < ($0.type.byteCount, $1.name)
    }
  }

  /// The length of the header and the header, padded so that the tensors start at a multiple of 8.
  private func header(of tensors: [StoredTensor]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        """
        \(JSONText.quoted(tensor.name)):{"dtype":"\(tensor.type.rawValue)",\
        "shape":[\(shape)],"data_offsets":[\(offset),\(end)]}
        """)
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
