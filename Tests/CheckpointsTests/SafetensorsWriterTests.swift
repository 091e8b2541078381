import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsWriterTests {
  @Test("what is written is read back")
  func roundTrip() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let values = (0..<200_000).map { Float($0) * 0.37 - 9 }
      var writer = SafetensorsWriter(metadata: ["format": "pt", "q\"\\\u{1}é😀": "\n\t"])
      try writer.add("large", shape: [200, 1000], floats: values)
      try writer.add("narrow", shape: [200_000], floats: values, as: .bfloat16)
      try writer.add("scalar \"é\"", shape: [], floats: [4])
      try writer.add("none", shape: [0, 7], floats: [])
      try writer.write(to: path)
      let file = try SafetensorsFile(path: path)
      #expect(file.metadata == writer.metadata)
      #expect(try file.floats(named: "large", shape: [200, 1000]) == values)
      #expect(try file.floats(named: "scalar \"é\"", shape: []) == [4])
      #expect(try file.floats(named: "none", shape: [0, 7]).isEmpty)
      #expect(file.entries["narrow"]?.type == .bfloat16)
      let narrow = try file.floats(named: "narrow")
      #expect(zip(narrow, values).allSatisfy { abs($0 - $1) <= abs($1) / 256 })
      #expect(file.entries.values.allSatisfy { $0.bytes.lowerBound % $0.type.byteCount == 0 })
    }
  }

  @Test("bfloat16 is the nearest number, ties to even, and keeps infinity and NaN")
  func rounding() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let patterns: [(from: UInt32, to: UInt32)] = [
        (0x3f80_8000, 0x3f80), (0x3f81_8000, 0x3f82), (0x3f80_8001, 0x3f81),
        (0x3f80_7fff, 0x3f80), (0x7f7f_ffff, 0x7f80), (0x7f80_0000, 0x7f80),
        (0xff80_0000, 0xff80), (0x8000_0000, 0x8000), (0x0000_8001, 0x0001),
        (0x7f80_0001, 0x7fc0),
      ]
      var writer = SafetensorsWriter()
      try writer.add(
        "x", shape: [patterns.count], floats: patterns.map { Float(bitPattern: $0.from) },
        as: .bfloat16)
      try writer.write(to: path)
      let read = try SafetensorsFile(path: path).withBytes(named: "x") { bytes in
        (0..<patterns.count).map { UInt32(bytes[2 * $0]) | UInt32(bytes[2 * $0 + 1]) << 8 }
      }
      #expect(read == patterns.map(\.to))
    }
  }

  @Test("the order of adding does not change the bytes, which are those of the format")
  func deterministic() throws {
    try inTemporaryFolder { folder in
      let tensors: [(String, Float)] = [("b", 1), ("a", 2), ("c", 3)]
      func bytes(_ order: [(String, Float)]) throws -> Data {
        var writer = SafetensorsWriter(metadata: ["z": "1", "a": "2"])
        for (name, value) in order { try writer.add(name, shape: [1], floats: [value]) }
        try writer.write(to: folder + "/m")
        return try Data(contentsOf: URL(filePath: folder + "/m"))
      }
      let one = try bytes(tensors)
      #expect(try one == bytes(tensors.reversed()))
      let header =
        #"{"__metadata__":{"a":"2","z":"1"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"#
        + #""c":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
      let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
      #expect(
        Array(one.prefix(8 + padded.utf8.count)) == safetensorsBytes(header: padded, body: []))
    }
  }

  @Test("a file is replaced as a whole and nothing is left beside it")
  func replaces() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      for value: Float in [1, 2] {
        var writer = SafetensorsWriter()
        try writer.add("x", shape: [1], floats: [value])
        let before = value == 2 ? try SafetensorsFile(path: path) : nil
        try writer.write(to: path)
        #expect(try SafetensorsFile(path: path).floats(named: "x") == [value])
        if let before { #expect(try before.floats(named: "x") == [1]) }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.safetensors"])
    }
  }

  @Test("tensors that no file can hold are refused by name")
  func refusals() throws {
    var writer = SafetensorsWriter()
    #expect(throws: CheckpointError.self) { try writer.add("x", shape: [3], floats: [1]) }
    #expect(throws: CheckpointError.self) { try writer.add("x", shape: [-1], floats: []) }
    #expect(throws: CheckpointError.self) {
      try writer.add("x", shape: [.max, 2], floats: [])
    }
    #expect(throws: CheckpointError.self) {
      try writer.add("x", shape: [2], type: .int64, bytes: [1])
    }
    #expect(throws: CheckpointError.self) {
      try writer.add("__metadata__", shape: [1], floats: [1])
    }
    try writer.add("x", shape: [1], floats: [1])
    let twice = #expect(throws: CheckpointError.self) {
      try writer.add("x", shape: [1], floats: [2])
    }
    #expect(twice == .unwritableTensor(tensor: "x", reason: "two tensors have this name"))
  }

  @Test("a place that cannot be written to is one sentence, and the old file stays")
  func unwritable() throws {
    try inTemporaryFolder { folder in
      var writer = SafetensorsWriter()
      try writer.add("x", shape: [1], floats: [1])
      let missing = #expect(throws: CheckpointError.self) {
        try writer.write(to: folder + "/none/m.safetensors")
      }
      #expect(missing?.description.contains("its directory does not exist") == true)
      try writer.write(to: folder + "/file")
      #expect(throws: CheckpointError.self) { try writer.write(to: folder + "/file/m") }
      #expect(throws: CheckpointError.self) { try writer.write(to: folder) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test(
    "a read-only directory is refused with what to do",
    .enabled(if: getuid() != 0, "needs a user whom permissions bind"))
  func readOnly() throws {
    try inTemporaryFolder { folder in
      var writer = SafetensorsWriter()
      try writer.add("x", shape: [1], floats: [1])
      try writer.write(to: folder + "/m")
      chmod(folder, 0o555)
      defer { chmod(folder, 0o755) }
      writer.metadata["new"] = "yes"
      let error = #expect(throws: CheckpointError.self) { try writer.write(to: folder + "/m") }
      #expect(error?.description.contains("permission is denied") == true)
      #expect(try SafetensorsFile(path: folder + "/m").metadata.isEmpty)
    }
  }

  @Test(
    "a full disk is refused with what to do",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func fullDisk() throws {
    var writer = SafetensorsWriter()
    try writer.add("x", shape: [1], floats: [1])
    let error = #expect(throws: CheckpointError.self) { try writer.write(to: "/dev/full") }
    #expect(
      error?.description == "cannot write /dev/full: the disk is full, make room and try again")
  }
}
