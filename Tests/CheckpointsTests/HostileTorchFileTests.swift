import Checkpoints
import Foundation
import Testing

/// Files of `torch.save` that are damaged, ask for code, or ask for too much.
@Suite struct HostileTorchFileTests {
  private func failure(of bytes: [UInt8]) throws -> CheckpointError? {
    try withTemporaryPath("bad.bin") { path in
      try write(bytes, to: path)
      do {
        let file = try PyTorchFile(path: path)
        for entry in file.entries {
          #expect(try file.floats(named: entry.name).count == entry.elementCount)
        }
        return nil
      } catch let error as CheckpointError {
        #expect(error.description.contains(path))
        #expect(!error.description.contains("\n"))
        return error
      }
    }
  }

  private func failure(
    pickle: [UInt8], storages: [(key: String, bytes: [UInt8])] = [], order: String? = "little"
  ) throws -> String {
    let zip = StoredZip(pickle: pickle, storages: storages, order: order)
    return try #require(try failure(of: zip.bytes)).description
  }

  @Test("a pickle that asks for code is refused by the name of what it asks for")
  func code() throws {
    var call = PickledBytes()
    call.global("posix", "system")
    call.code("(")
    call.text("echo")
    call.code("t", "R", ".")
    #expect(try failure(pickle: call.bytes).contains("`posix.system`, which is code and not data"))

    let nested = PickledBytes.dictionary { pickle in
      pickle.text("w")
      pickle.global("builtins", "eval")
      pickle.code("(")
      pickle.text("1")
      pickle.code("t", "R")
    }
    #expect(try failure(pickle: nested).contains("`builtins.eval`"))
    // A name that is made on the stack.
    let later: [UInt8] = [0x80, 4, 0x8c, 2, 0x6f, 0x73, 0x8c, 6] + Array("system".utf8)
    #expect(try failure(pickle: later + [0x93, 0x2e]).contains("`os.system`"))
    // A name that is known, in the wrong module.
    var alike = PickledBytes()
    alike.global("evil", "OrderedDict")
    #expect(try failure(pickle: alike.bytes).contains("`evil.OrderedDict`"))
    for (byte, name) in [(0x81, "NEWOBJ"), (0x69, "INST"), (0x82, "EXT1"), (0xff, "0xff")] {
      let text = try failure(pickle: [0x80, 2, UInt8(byte)])
      #expect(text.contains("the pickle operation \(name) at byte 2"), "\(text)")
    }
  }

  @Test("what is not a dictionary of tensors is said to be what it is")
  func others() throws {
    var list = PickledBytes()
    list.code("]", ".")
    #expect(try failure(pickle: list.bytes).contains("holds a list"))
    var tensor = PickledBytes()
    tensor.tensor("Float", key: "0", of: 1, shape: [1], strides: [1])
    tensor.code(".")
    #expect(try failure(pickle: tensor.bytes).contains("holds a tensor"))
    let epoch = PickledBytes.dictionary { pickle in
      pickle.text("epoch")
      pickle.integer(3)
    }
    #expect(try failure(pickle: epoch).contains("holds a whole number as 'epoch'"))
    let nested = PickledBytes.dictionary { pickle in
      pickle.text("model")
      pickle.code("}")
    }
    #expect(try failure(pickle: nested).contains("holds a dictionary as 'model'"))
    let key = PickledBytes.dictionary { pickle in
      pickle.integer(1)
      pickle.integer(2)
    }
    #expect(try failure(pickle: key).contains("a whole number for a name"))
  }

  @Test("files of other formats are refused with what to do")
  func formats() throws {
    let former: [UInt8] = [
      0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
    ]
    #expect(try failure(of: former)?.description.contains("before 1.6") == true)
    #expect(try failure(of: [])?.description.contains("the directory at the end") == true)
    #expect(try failure(of: Array("{}".utf8))?.description.contains("torch.save") == true)
    #expect(try failure(pickle: [0x2e], order: "big").contains("little-endian"))
    var packed = StoredZip(pickle: [0x2e], storages: [])
    packed.packing = 8
    #expect(try failure(of: packed.bytes)?.description.contains("is compressed") == true)
    let empty = try failure(of: StoredZip([("a", [])]).bytes)
    #expect(empty?.description.contains("no entry <name>/data.pkl") == true)
    let twice = try failure(of: StoredZip([("a/b", []), ("a/b", [])]).bytes)
    #expect(twice?.description.contains("'a/b' comes a second time") == true)
    #expect(throws: CheckpointError.missingFile(path: "/no/such")) {
      _ = try PyTorchFile(path: "/no/such")
    }
  }

  @Test("a tensor that its storage does not hold is refused")
  func views() throws {
    func text(
      of count: Int, offset: Int = 0, shape: [Int], strides: [Int], stored: Int = 16
    ) throws -> String {
      let pickle = PickledBytes.dictionary { pickle in
        pickle.text("w")
        pickle.tensor("Float", key: "0", of: count, offset: offset, shape: shape, strides: strides)
      }
      return try failure(
        pickle: pickle, storages: [("0", [UInt8](repeating: 0, count: stored))])
    }
    #expect(try text(of: 4, shape: [5], strides: [1]).contains("does not lie in its storage of 4"))
    #expect(try text(of: 4, offset: 4, shape: [1], strides: [1]).contains("does not lie"))
    #expect(try text(of: 4, offset: -1, shape: [1], strides: [1]).contains("does not lie"))
    #expect(try text(of: 4, shape: [2, 2], strides: [3, 1]).contains("does not lie"))
    #expect(try text(of: 4, shape: [2], strides: [-1]).contains("does not lie"))
    #expect(try text(of: 4, shape: [2, 1], strides: [1]).contains("does not lie"))
    #expect(try text(of: 4, shape: [-2], strides: [1]).contains("does not lie"))
    #expect(try text(of: 4, shape: [2], strides: [.max]).contains("does not lie"))
    #expect(try text(of: 4, shape: [.max, .max], strides: [0, 0]).contains("does not lie"))
    #expect(try text(of: 5, shape: [5], strides: [1]).contains("'w' of"))
    #expect(try text(of: .max, shape: [1], strides: [1]).contains("that the file does not have"))
    #expect(try text(of: -1, shape: [1], strides: [1]).contains("reference to a storage"))
    // More axes than PyTorch has, which a few bytes more could ask for again and again.
    let axes = [Int](repeating: 1, count: 65)
    #expect(try text(of: 4, shape: axes, strides: axes).contains("not whole"))
    // A few bytes that stand for very many numbers.
    #expect(try text(of: 4, shape: [1 << 40], strides: [0]).contains("too many times"))
  }

  @Test("a pickle that never ends its values, or nests without end, is refused soon")
  func bombs() throws {
    let stack = [0x80, 2] + [UInt8](repeating: 0x4e, count: 1 << 20)
    #expect(try failure(pickle: stack).contains("more values wait"))
    let marks = [0x80, 2] + [UInt8](repeating: 0x28, count: 1 << 20)
    #expect(try failure(pickle: marks).contains("more values wait"))
    let nesting = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1 << 19) + [0x2e]
    #expect(try failure(pickle: nesting).contains("holds a tuple"))
    let deeper = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1 << 20) + [0x2e]
    #expect(try failure(pickle: deeper).contains("more values wait"))
    // A list that is its own element.
    #expect(try failure(pickle: [0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e]).contains("a list"))
    let long = [0x80, 2] + [UInt8](repeating: 0x4e, count: 1 << 24)
    #expect(try failure(pickle: long).contains("longer than"))
    #expect(try failure(pickle: [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0xff]).contains("too early"))
    #expect(try failure(pickle: [0x80, 2, 0x8a, 255]).contains("255 bytes"))
    #expect(try failure(pickle: [0x80, 2, 0x68, 9]).contains("refers to"))
    #expect(try failure(pickle: [0x80, 2, 0x74]).contains("mark"))
    #expect(try failure(pickle: [0x80, 2, 0x52]).contains("missing"))
  }

  /// A file with two tensors of one storage and one of another.
  private var whole: [UInt8] {
    let pickle = PickledBytes.dictionary { pickle in
      pickle.text("a")
      pickle.tensor("Float", key: "0", of: 6, shape: [2, 3], strides: [3, 1])
      pickle.text("b")
      pickle.tensor("Float", key: "0", of: 6, shape: [3, 2], strides: [1, 3])
      pickle.text("c")
      pickle.tensor("Half", key: "1", of: 300, offset: 2, shape: [290], strides: [1])
    }
    let zip = StoredZip(
      pickle: pickle,
      storages: [
        ("0", [UInt8](repeating: 1, count: 24)), ("1", [UInt8](repeating: 1, count: 600)),
      ])
    return zip.bytes
  }

  @Test("a file cut at any byte is refused")
  func truncated() throws {
    let whole = whole
    #expect(try failure(of: whole) == nil)
    for count in 0..<whole.count {
      #expect(try failure(of: Array(whole.prefix(count))) != nil, "cut at \(count)")
    }
  }

  @Test("a file with bytes changed at random is refused or read, and nothing else")
  func mutated() throws {
    let whole = whole
    var generator = SplitMix(state: 7)
    var refused = 0
    for _ in 0..<4000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let position = Int.random(in: bytes.indices, using: &generator)
        bytes[position] = UInt8.random(in: 0...255, using: &generator)
      }
      if try failure(of: bytes) != nil { refused += 1 }
    }
    #expect(refused > 500)
  }

  @Test("any byte may be any other, and the file is refused or read")
  func everyByte() throws {
    let whole = whole
    for position in whole.indices {
      for value: UInt8 in [0, 0x28, 0xff] {
        var bytes = whole
        bytes[position] = value
        _ = try failure(of: bytes)
      }
    }
  }
}

/// Random numbers that are the same in every run (Steele et al. 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
