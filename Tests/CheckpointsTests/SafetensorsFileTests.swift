import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsFileTests {
  @Test("a file as the reference implementation lays it out is read")
  func reads() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let header =
        #"{"__metadata__":{"format":"pt","n":"\u00e9\ud83d\ude00\n"},"b":{"dtype":"F32","shape":[2,2],"#
        + #""data_offsets":[0,16]},"a":{"dtype":"I64","shape":[],"data_offsets":[16,24]},"#
        + #""empty":{"dtype":"F16","shape":[0,3],"data_offsets":[24,24]}}  "#
      var body = [Float(1), -2.5, .infinity, 0.1].flatMap { value in
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      }
      body += withUnsafeBytes(of: Int64(-7).littleEndian) { Array($0) }
      try write(safetensorsBytes(header: header, body: body), to: path)

      let file = try SafetensorsFile(path: path)
      #expect(file.metadata == ["format": "pt", "n": "é😀\n"])
      #expect(file.names == ["b", "a", "empty"])
      #expect(file.entries["b"]?.shape == [2, 2])
      #expect(file.entries["b"]?.type == .float32)
      #expect(try file.floats(named: "b", shape: [2, 2]) == [1, -2.5, .infinity, 0.1])
      #expect(try file.floats(named: "a") == [-7])
      #expect(try file.floats(named: "empty", shape: [0, 3]) == [])
    }
  }

  @Test("aligned and unaligned floats are lent alike")
  func lends() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let body = [Float(3), 0.5].flatMap { value in
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      }
      let header = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
      for padding in 0..<8 {
        let padded = header + String(repeating: " ", count: padding)
        try write(safetensorsBytes(header: padded, body: body), to: path)
        let file = try SafetensorsFile(path: path)
        #expect(try file.withFloats(named: "x") { Array($0) } == [3, 0.5])
        #expect(try file.withBytes(named: "x") { Array($0) } == body)
      }
    }
  }

  @Test("every half-precision number is read exactly")
  func halves() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let bits = (0...UInt16.max).map { $0 }
      let bytes = bits.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
      var writer = SafetensorsWriter()
      try writer.add("half", shape: [1 << 16], type: .float16, bytes: bytes)
      try writer.add("brain", shape: [1 << 16], type: .bfloat16, bytes: bytes)
      try writer.write(to: path)
      let file = try SafetensorsFile(path: path)
      let halves = try file.floats(named: "half")
      let brains = try file.floats(named: "brain")
      var wrong = 0
      for pattern in bits {
        let sign: Double = pattern & 0x8000 == 0 ? 1 : -1
        let exponent = Int(pattern >> 10 & 31)
        let fraction = Double(pattern & 1023)
        let expected: Double =
          switch exponent {
          case 0: sign * fraction * 0x1p-24
          case 31: fraction == 0 ? sign * .infinity : .nan
          default: sign * (1024 + fraction) * pow(2, Double(exponent - 25))
          }
        let half = halves[Int(pattern)]
        if expected.isNaN ? !half.isNaN : Double(half) != expected { wrong += 1 }
        if half.sign != (sign < 0 ? .minus : .plus) { wrong += 1 }
        if brains[Int(pattern)].bitPattern != UInt32(pattern) << 16 { wrong += 1 }
      }
      #expect(wrong == 0)
    }
  }

  @Test("numbers of every type but 8-bit floats are read as floats")
  func types() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      var writer = SafetensorsWriter()
      for type in StorageType.allCases {
        var bytes = [UInt8](repeating: 0, count: 2 * type.byteCount)
        bytes[0] = 1
        try writer.add(type.rawValue, shape: [2], type: type, bytes: bytes)
      }
      try writer.write(to: path)
      let file = try SafetensorsFile(path: path)
      for type in StorageType.allCases {
        switch type {
        case .float8e4m3, .float8e5m2:
          #expect(
            throws: CheckpointError.unsupportedStorage(
              path: path, tensor: type.rawValue, type: type)
          ) { try file.floats(named: type.rawValue) }
        case .float64, .float32, .float16, .bfloat16:
          let floats = try file.floats(named: type.rawValue)
          #expect(floats[0] >= 0 && floats[0] < 1e-7 && floats[1] == 0)
        default: #expect(try file.floats(named: type.rawValue) == [1, 0])
        }
      }
    }
  }

  @Test("a missing tensor offers the nearest names, a wrong shape names both")
  func lookups() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      var writer = SafetensorsWriter()
      try writer.add("encoder.final_layer_norm.weight", shape: [2], floats: [1, 2])
      try writer.add("shared.weight", shape: [1, 2], floats: [1, 2])
      try writer.write(to: path)
      let file = try SafetensorsFile(path: path)
      let missing = #expect(throws: CheckpointError.self) {
        try file.floats(named: "encoder.final_layernorm.weight")
      }
      #expect(
        missing
          == .missingTensor(
            path: path, tensor: "encoder.final_layernorm.weight",
            nearest: ["encoder.final_layer_norm.weight"]))
      #expect(missing?.description.contains("'encoder.final_layer_norm.weight'") == true)
      let shape = #expect(throws: CheckpointError.self) {
        try file.floats(named: "shared.weight", shape: [2, 1])
      }
      #expect(
        shape == .wrongShape(path: path, tensor: "shared.weight", expected: [2, 1], found: [1, 2]))
      #expect(shape?.description.contains("[1, 2] where [2, 1]") == true)
      #expect(shape?.description.contains(path) == true)
    }
  }

  @Test("a missing file, a directory and a device are refused by name")
  func notFiles() throws {
    try inTemporaryFolder { folder in
      let missing = #expect(throws: CheckpointError.self) {
        try SafetensorsFile(path: folder + "/none")
      }
      #expect(missing == .missingFile(path: folder + "/none"))
      #expect(missing?.isMissingInput == true)
      #expect(throws: CheckpointError.unreadable(path: folder, reason: "it is not a file")) {
        try SafetensorsFile(path: folder)
      }
      #expect(throws: CheckpointError.unreadable(path: "/dev/null", reason: "it is not a file")) {
        try SafetensorsFile(path: "/dev/null")
      }
    }
  }
}
