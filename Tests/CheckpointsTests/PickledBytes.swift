/// The bytes of a pickle as PyTorch's pickler writes them, protocol 2 where not said otherwise.
struct PickledBytes {
  var bytes: [UInt8] = [0x80, 2]

  mutating func code(_ codes: Character...) { bytes += codes.compactMap(\.asciiValue) }

  mutating func text(_ text: String) {
    code("X")
    bytes += withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { Array($0) } + text.utf8
  }

  mutating func integer(_ value: Int) {
    switch value {
    case 0..<256: bytes += [0x4b, UInt8(value)]
    case 256..<65536:
      bytes += [0x4d] + withUnsafeBytes(of: UInt16(value).littleEndian) { Array($0) }
    default:
      bytes += [0x8a, 8] + withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) }
    }
  }

  mutating func integers(_ values: [Int]) {
    code("(")
    values.forEach { integer($0) }
    code("t")
  }

  mutating func global(_ module: String, _ name: String) {
    code("c")
    bytes += Array("\(module)\n\(name)\n".utf8)
  }

  /// A tensor over the storage of a key.
  mutating func tensor(
    _ type: String, key: String, of count: Int, offset: Int = 0, shape: [Int], strides: [Int]
  ) {
    global("torch._utils", "_rebuild_tensor_v2")
    code("(", "(")
    text("storage")
    global("torch", type + "Storage")
    text(key)
    text("cpu")
    integer(count)
    code("t", "Q")
    integer(offset)
    integers(shape)
    integers(strides)
    bytes.append(0x89)
    global("collections", "OrderedDict")
    code(")", "R", "t", "R")
  }

  /// A whole dictionary, from its name and values in turn.
  static func dictionary(_ content: (inout PickledBytes) -> Void) -> [UInt8] {
    var pickle = PickledBytes()
    pickle.code("}", "(")
    content(&pickle)
    pickle.code("u", ".")
    return pickle.bytes
  }
}
