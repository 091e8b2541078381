/// What the first bytes of a safetensors file say: its tensors and its metadata.
///
/// The layout: eight bytes with the header's length (little-endian), the header in JSON, the
/// tensors' bytes one after another without a gap.
struct SafetensorsHeader {
  /// The longest header that is read, as in the reference implementation.
  static let longest = 100_000_000

  /// The tensors in the order of their bytes.
  let entries: [TensorEntry]
  let metadata: [String: String]

  /// Reads and checks the header of a whole file; `path` is only named in errors.
  init(of file: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    guard file.count >= 8 else {
      throw .malformed(
        path: path, byte: file.count, reason: "the file ends before the length of its header")
    }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(Self.longest) else {
      throw .malformed(
        path: path, byte: 0,
        reason: "the header is said to be \(length) bytes long, more than \(Self.longest)")
    }
    let start = 8 + Int(length)
    guard start <= file.count else {
      throw .malformed(
        path: path, byte: file.count,
        reason: "the file ends inside its header, which is said to reach to byte \(start)")
    }
    let value: JSONValue
    do {
      value = try JSONReader.value(in: UnsafeRawBufferPointer(rebasing: file[8..<start]))
    } catch {
      throw .malformed(path: path, byte: 8 + error.byte, reason: error.reason)
    }
    guard case .object(let members) = value else {
      throw .malformed(path: path, byte: 8, reason: "the header is not a JSON object")
    }

    var metadata: [String: String] = [:]
    var entries: [TensorEntry] = []
    var names: Set<String> = []
    for member in members {
      guard names.insert(member.name).inserted else {
        throw .malformed(
          path: path, byte: 8 + member.byte,
          reason: "the name '\(member.name)' comes a second time")
      }
      if member.name == "__metadata__" {
        metadata = try Self.metadata(member, path: path)
      } else {
        entries.append(
          try Self.entry(member, start: start, fileLength: file.count, path: path))
      }
    }
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    try Self.checkCover(entries, from: start, to: file.count, path: path)
    self.entries = entries
    self.metadata = metadata
  }

  private static func metadata(_ member: JSONValue.Member, path: String)
    throws(CheckpointError) -> [String: String]
  {
    guard let members = member.value.members else {
      throw .malformed(
        path: path, byte: 8 + member.byte, reason: "__metadata__ is not a JSON object")
    }
    var metadata: [String: String] = [:]
    for entry in members {
      guard let text = entry.value.text else {
        throw .malformed(
          path: path, byte: 8 + entry.byte,
          reason: "the metadata '\(entry.name)' is not a string")
      }
      guard metadata.updateValue(text, forKey: entry.name) == nil else {
        throw .malformed(
          path: path, byte: 8 + entry.byte,
          reason: "the metadata '\(entry.name)' comes a second time")
      }
    }
    return metadata
  }

  /// Reads one tensor's description; `start` is where the tensors' bytes begin.
  private static func entry(
    _ member: JSONValue.Member, start: Int, fileLength: Int, path: String
  ) throws(CheckpointError) -> TensorEntry {
    func damaged(_ reason: String) -> CheckpointError {
      .malformedTensor(path: path, tensor: member.name, reason: reason)
    }
    guard let fields = member.value.members else { throw damaged("is not a JSON object") }
    func field(_ name: String) throws(CheckpointError) -> JSONValue {
      let found = fields.filter { $0.name == name }
      guard let first = found.first else { throw damaged("has no \(name)") }
      guard found.count == 1 else { throw damaged("has more than one \(name)") }
      return first.value
    }
    guard let spelling = try field("dtype").text else {
      throw damaged("has a dtype that is no text")
    }
    guard let type = StorageType(rawValue: spelling) else {
      throw damaged("has the unknown dtype '\(spelling)'")
    }
    guard let shape = try field("shape").integers, shape.allSatisfy({ $0 >= 0 }) else {
      throw damaged("has a shape that is not a list of whole numbers")
    }
    guard let offsets = try field("data_offsets").integers, offsets.count == 2 else {
      throw damaged("has data_offsets that are not two whole numbers")
    }
    let (begin, end) = (offsets[0], offsets[1])
    let available = fileLength - start
    guard 0 <= begin, begin <= end else {
      throw damaged("lies at data_offsets [\(begin), \(end)], which is no range of bytes")
    }
    guard end <= available else {
      throw damaged(
        """
        of shape \(shape) lies at data_offsets [\(begin), \(end)], but the file ends after \
        \(available) bytes of tensors
        """)
    }
    var size = type.byteCount
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow else { throw damaged("has the impossible shape \(shape)") }
      size = product
    }
    guard size == end - begin else {
      throw damaged(
        """
        of shape \(shape) and dtype \(spelling) needs \(size) bytes, but its data_offsets \
        [\(begin), \(end)] hold \(end - begin)
        """)
    }
    return TensorEntry(
      name: member.name, type: type, shape: shape, bytes: start + begin..<start + end)
  }

  /// Makes sure that the tensors lie side by side and fill the file.
  private static func checkCover(
    _ entries: [TensorEntry], from start: Int, to end: Int, path: String
  ) throws(CheckpointError) {
    var position = start
    var previous: TensorEntry?
    for entry in entries {
      if entry.bytes.lowerBound < position, let previous {
        throw .malformedTensor(
          path: path, tensor: entry.name,
          reason: """
            of shape \(entry.shape) overlaps tensor '\(previous.name)' of shape \
            \(previous.shape) at byte \(entry.bytes.lowerBound)
            """)
      }
      guard entry.bytes.lowerBound == position else {
        throw .malformedTensor(
          path: path, tensor: entry.name,
          reason: """
            of shape \(entry.shape) begins at byte \(entry.bytes.lowerBound) and leaves a hole \
            from byte \(position)
            """)
      }
      position = entry.bytes.upperBound
      if !entry.bytes.isEmpty { previous = entry }
    }
    guard position == end else {
      throw .malformed(
        path: path, byte: position, reason: "\(end - position) bytes follow that no tensor uses")
    }
  }
}
