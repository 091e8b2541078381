import Foundation

/// A safetensors file, checked as a whole when it is opened and read tensor by tensor.
public struct SafetensorsFile: Sendable {
  public let path: String
  /// What each tensor is, by its name.
  public let entries: [String: TensorEntry]
  /// The texts that the writer of the file left about it.
  public let metadata: [String: String]
  /// The names of the tensors in the order of their bytes.
  public let names: [String]

  private let file: MappedFile

  /// Opens a file and checks its header against its length.
  public init(path: String) throws(CheckpointError) {
    let file = try MappedFile(path: path)
    let header = try SafetensorsHeader(of: file.bytes, path: path)
    self.path = path
    self.file = file
    metadata = header.metadata
    names = header.entries.map(\.name)
    entries = Dictionary(header.entries.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  /// What a tensor is, or an error that offers the nearest names.
  public func entry(named name: String) throws(CheckpointError) -> TensorEntry {
    guard let entry = entries[name] else {
      throw .missingTensor(path: path, tensor: name, nearest: nearestNames(to: name, among: names))
    }
    return entry
  }

  /// A tensor's numbers in row-major order, converted to 32-bit floats.
  ///
  /// - Parameter shape: the shape it must have, if that is known.
  public func floats(named name: String, shape: [Int]? = nil) throws(CheckpointError) -> [Float] {
    let entry = try entry(named: name)
    try check(entry, shape: shape)
    guard
      let floats = FloatDecoding.floats(
        from: bytes(of: entry), count: entry.elementCount, as: entry.type)
    else { throw .unsupportedStorage(path: path, tensor: name, type: entry.type) }
    return floats
  }

  /// Lends a tensor's numbers to `body`: straight from the file where they are aligned 32-bit
  /// floats, otherwise a converted copy.
  public func withFloats<Outcome>(
    named name: String, shape: [Int]? = nil, _ body: (UnsafeBufferPointer<Float>) -> Outcome
  ) throws(CheckpointError) -> Outcome {
    let entry = try entry(named: name)
    try check(entry, shape: shape)
    let bytes = bytes(of: entry)
    let isAligned = Int(bitPattern: bytes.baseAddress) % MemoryLayout<Float>.alignment == 0
    if entry.type == .float32, isAligned, 1.littleEndian == 1 {
      return withExtendedLifetime(file) { body(bytes.assumingMemoryBound(to: Float.self)) }
    }
    return try floats(named: name).withUnsafeBufferPointer(body)
  }

  /// Keeps the mapping alive for as long as somebody holds it.
  var owner: AnyObject { file }

  /// Whether numbers lie in the file itself and not in a copy.
  func isMapped(_ floats: UnsafeBufferPointer<Float>) -> Bool {
    guard let start = floats.baseAddress, let first = file.bytes.baseAddress else { return false }
    let address = UnsafeRawPointer(start)
    return address >= first && address < first + file.bytes.count
  }

  /// Lends a tensor's bytes as they are stored.
  public func withBytes<Outcome>(
    named name: String, _ body: (UnsafeRawBufferPointer) -> Outcome
  ) throws(CheckpointError) -> Outcome {
    let entry = try entry(named: name)
    return withExtendedLifetime(file) { body(bytes(of: entry)) }
  }

  private func bytes(of entry: TensorEntry) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file.bytes[entry.bytes])
  }

  private func check(_ entry: TensorEntry, shape: [Int]?) throws(CheckpointError) {
    guard let shape, shape != entry.shape else { return }
    throw .wrongShape(path: path, tensor: entry.name, expected: shape, found: entry.shape)
  }
}
