import Checkpoints
import Foundation
import Testing

/// Files of `torch.save`.
@Suite struct PyTorchFileTests {
  /// Opens a file with these bytes; it stays mapped when its name is gone.
  private func file(_ zip: StoredZip) throws -> PyTorchFile {
    try withTemporaryPath("weights.bin") { path in
      try write(zip.bytes, to: path)
      return try PyTorchFile(path: path)
    }
  }

  private func bytes(_ floats: [Float]) -> [UInt8] {
    floats.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  private func number<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  @Test("views of one storage are read with their offsets and strides", arguments: [false, true])
  func views(isWide: Bool) throws {
    let pickle = PickledBytes.dictionary { pickle in
      pickle.text("whole")
      pickle.tensor("Float", key: "0", of: 12, shape: [3, 4], strides: [4, 1])
      pickle.text("transposed")
      pickle.tensor("Float", key: "0", of: 12, shape: [4, 3], strides: [1, 4])
      pickle.text("part")
      pickle.tensor("Float", key: "0", of: 12, offset: 5, shape: [2, 2], strides: [4, 2])
      pickle.text("one")
      pickle.tensor("Float", key: "0", of: 12, offset: 11, shape: [], strides: [])
      pickle.text("none")
      pickle.tensor("Float", key: "0", of: 12, offset: 12, shape: [2, 0], strides: [1, 1])
      pickle.text("repeated")
      pickle.tensor("Float", key: "0", of: 12, offset: 1, shape: [2, 3], strides: [0, 1])
      pickle.text("deep")
      pickle.tensor("Float", key: "0", of: 12, shape: [2, 2, 3], strides: [1, 2, 4])
    }
    var zip = StoredZip(
      pickle: pickle, storages: [("0", bytes((0..<12).map(Float.init)))])
    zip.isWide = isWide
    let file = try self.file(zip)
    #expect(
      file.names == ["whole", "transposed", "part", "one", "none", "repeated", "deep"])
    #expect(try file.floats(named: "whole", shape: [3, 4]) == (0..<12).map(Float.init))
    #expect(
      try file.floats(named: "transposed", shape: [4, 3])
        == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(try file.floats(named: "part") == [5, 7, 9, 11])
    #expect(try file.floats(named: "one", shape: []) == [11])
    #expect(try file.floats(named: "none") == [])
    #expect(try file.floats(named: "repeated") == [1, 2, 3, 1, 2, 3])
    #expect(
      try file.floats(named: "deep", shape: [2, 2, 3]) == [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11])
    #expect(throws: CheckpointError.self) { try file.floats(named: "whole", shape: [4, 3]) }
    let missing = #expect(throws: CheckpointError.self) { try file.floats(named: "hole") }
    #expect(missing?.description.contains("'whole'") == true)
  }

  @Test("numbers of every type are read as floats")
  func types() throws {
    let storages: [(type: String, bytes: [UInt8])] = [
      ("Half", number(UInt16(0x3e00)) + number(UInt16(0xc000))),
      ("BFloat16", number(UInt16(0x3fc0)) + number(UInt16(0xc000))),
      ("Double", number((1.5).bitPattern) + number((-2.0).bitPattern)),
      ("Long", number(Int64(7)) + number(Int64(-2))), ("Int", number(Int32(7)) + number(Int32(-2))),
      ("Short", number(Int16(7)) + number(Int16(-2))), ("Char", [7, 0xfe]), ("Byte", [7, 254]),
      ("Bool", [1, 0]),
    ]
    let pickle = PickledBytes.dictionary { pickle in
      for (index, storage) in storages.enumerated() {
        pickle.text(storage.type)
        pickle.tensor(storage.type, key: "\(index)", of: 2, shape: [2], strides: [1])
      }
    }
    let zip = StoredZip(
      pickle: pickle, storages: storages.enumerated().map { ("\($0)", $1.bytes) }, order: nil)
    let file = try self.file(zip)
    for name in ["Half", "BFloat16", "Double"] {
      #expect(try file.floats(named: name) == [1.5, -2], "\(name)")
    }
    for name in ["Long", "Int", "Short", "Char"] {
      #expect(try file.floats(named: name) == [7, -2], "\(name)")
    }
    #expect(try file.floats(named: "Byte") == [7, 254])
    #expect(try file.floats(named: "Bool") == [1, 0])
    #expect(file.entries.map(\.type).prefix(3) == [.float16, .bfloat16, .float64])
  }

  @Test("parameters, ordered dictionaries and their attributes are read")
  func parameters() throws {
    var pickle = PickledBytes()
    pickle.global("collections", "OrderedDict")
    pickle.code(")", "R", "q", "\u{1}", "(")
    pickle.text("w")
    pickle.global("torch._utils", "_rebuild_parameter")
    pickle.code("(")
    pickle.tensor("Float", key: "a", of: 2, shape: [2], strides: [1])
    pickle.bytes.append(0x88)
    pickle.global("collections", "OrderedDict")
    pickle.code(")", "R", "t", "R")
    pickle.code("u", "}")
    pickle.text("_metadata")
    pickle.global("collections", "OrderedDict")
    pickle.code(")", "R", "s", "b", ".")
    let file = try self.file(StoredZip(pickle: pickle.bytes, storages: [("a", bytes([3, 4]))]))
    #expect(file.names == ["w"])
    #expect(try file.floats(named: "w", shape: [2]) == [3, 4])
  }

  @Test("the operations of later protocols are read")
  func laterProtocol() throws {
    func short(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + text.utf8 + [0x94] }
    var bytes: [UInt8] = [0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x7d, 0x94] + short("w")
    bytes += short("torch._utils") + short("_rebuild_tensor_v2") + [0x93, 0x94]
    bytes += [0x28, 0x28] + short("storage") + short("torch") + short("FloatStorage")
    bytes += [0x93, 0x94] + short("0") + short("cpu") + [0x4b, 2, 0x74, 0x94, 0x51]
    bytes += [0x4a, 0, 0, 0, 0, 0x4b, 2, 0x85, 0x94, 0x8a, 1, 1, 0x85, 0x94, 0x89, 0x4e]
    bytes += [0x74, 0x94, 0x52, 0x94, 0x73, 0x2e]
    let file = try self.file(StoredZip(pickle: bytes, storages: [("0", self.bytes([3, 4]))]))
    #expect(try file.floats(named: "w", shape: [2]) == [3, 4])
  }

  @Test(
    "the authors' prompts and offsets have the spread that is known of them",
    .enabled(
      if: SharedFolder.has("weights/dept-official/cola", "weights/dept-official/sst2"),
      "\(SharedFolder.reason)"), arguments: [("cola", 80, 15), ("sst2", 60, 30)])
  func authors(task: String, tokens: Int, rank: Int) throws {
    let folder = try #require(SharedFolder.path) + "/weights/dept-official/" + task
    let file = try PyTorchFile(path: folder + "/adapter_model.bin")
    #expect(
      file.names == [
        "prompt_embeddings", "prompt_encoder.lora_embedding_A", "prompt_encoder.lora_embedding_B",
      ])
    let prompt = try file.floats(named: "prompt_embeddings", shape: [tokens, 768])
    let a = try file.floats(named: "prompt_encoder.lora_embedding_A", shape: [256, rank])
    let b = try file.floats(named: "prompt_encoder.lora_embedding_B", shape: [rank, 768])
    #expect(26...34 ~= deviation(of: prompt))
    #expect(0.13...0.25 ~= deviation(of: a))
    #expect(0.08...0.17 ~= deviation(of: b))
  }

  private func deviation(of values: [Float]) -> Double {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let sum = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (sum / Double(values.count)).squareRoot()
  }
}
