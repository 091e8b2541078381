import Checkpoints
import Foundation
import Testing

/// Files that are cut short, contradict themselves, or are something else.
@Suite struct MalformedSafetensorsTests {
  private func failure(of bytes: [UInt8], in folder: String) throws -> CheckpointError? {
    let path = folder + "/bad.safetensors"
    try write(bytes, to: path)
    do {
      _ = try SafetensorsFile(path: path)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a header that contradicts itself or the file is one sentence with the tensor and the file",
    arguments: [
      // The tensors' description.
      (#"{"x":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#, "unknown dtype 'F99'"),
      (#"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "[3] and dtype F32 needs 12"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}"#, "ends after 8 bytes"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "no range of bytes"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, "no range of bytes"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, "two whole numbers"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8.5]}}"#, "two whole numbers"),
      (
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}"#,
        "two whole numbers"
      ),
      (#"{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "list of whole numbers"),
      (#"{"x":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}"#, "list of whole numbers"),
      (
        #"{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#,
        "impossible shape"
      ),
      (#"{"x":{"dtype":"F32","shape":[2]}}"#, "has no data_offsets"),
      (#"{"x":{"shape":[2],"data_offsets":[0,8]}}"#, "has no dtype"),
      (#"{"x":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}"#, "dtype that is no text"),
      (#"{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "more than one"),
      (#"{"x":[]}"#, "'x'"),
      // The tensors together.
      (
        #"{"x":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"#
          + #""y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
        "'y' of /FILE of shape [4] overlaps tensor 'x' of shape [5]"
      ),
      (
        #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
          + #""y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#, "leaves a hole"
      ),
      (#"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "4 bytes follow"),
      (
        #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
          + #""x":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#, "'x' comes a second time"
      ),
      // The JSON.
      ("", "ends too early"), ("[]", "not a JSON object"), ("{", "'\"' is missing"),
      ("nonsense", "not JSON"), (#"{"x""#, "':' is missing"), (#"{"x":tru}"#, "not JSON"),
      (#"{"x":1e}"#, "not a number"), (#"{"x":01}"#, "not a number"), (#"{"x":"\q"}"#, "escape"),
      (#"{"x":"\ud800"}"#, "half a character"), (#"{"x":"\u12"#, "ends too early"),
      ("{\"x\":\"a\nb\"}", "control character"), (#"{"x":"a"#, "does not end"),
      ("{} {}", "follows"),
      (String(repeating: "[", count: 100_000), "nested too deeply"),
      (#"{"__metadata__":[]}"#, "__metadata__ is not"),
      (#"{"__metadata__":{"a":1}}"#, "'a' is not a string"),
      (#"{"__metadata__":{"a":"","a":""}}"#, "'a' comes a second time"),
    ])
  func contradictions(header: String, reason: String) throws {
    try inTemporaryFolder { folder in
      let bytes = safetensorsBytes(header: header, body: Array(repeating: 0, count: 8))
      let error = try #require(try failure(of: bytes, in: folder))
      let path = folder + "/bad.safetensors"
      #expect(error.description.contains(path))
      let expected = reason.replacingOccurrences(of: "/FILE", with: path)
      #expect(error.description.contains(expected), "\(error)")
      #expect(!error.description.contains("\n"))
      #expect(!error.isMissingInput)
    }
  }

  @Test("a header length that the file cannot have is refused")
  func lengths() throws {
    try inTemporaryFolder { folder in
      for length in [UInt64(100_000_001), .max, 1 << 63] {
        let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [0x7b, 0x7d]
        let error = try failure(of: bytes, in: folder)
        #expect(error?.description.contains("\(length) bytes long, more than 100000000") == true)
      }
      let beyond = withUnsafeBytes(of: UInt64(3).littleEndian) { Array($0) } + [0x7b, 0x7d]
      let error = try failure(of: beyond, in: folder)
      #expect(error?.description.contains("reach to byte 11") == true)
    }
  }

  @Test("a file cut at any byte is refused")
  func truncated() throws {
    try inTemporaryFolder { folder in
      var writer = SafetensorsWriter(metadata: ["format": "pt"])
      try writer.add("encoder.weight", shape: [4, 3], floats: (0..<12).map(Float.init))
      try writer.add("shared", shape: [5], floats: [1, 2, 3, 4, 5], as: .bfloat16)
      try writer.write(to: folder + "/whole")
      let whole = try Data(contentsOf: URL(filePath: folder + "/whole"))
      for count in 0..<whole.count {
        let error = try failure(of: Array(whole.prefix(count)), in: folder)
        #expect(error != nil, "cut at \(count)")
      }
      #expect(try failure(of: Array(whole), in: folder) == nil)
      #expect(try failure(of: Array(whole) + [0], in: folder) != nil)
    }
  }

  @Test("a file with any byte changed is refused or still holds tensors inside it")
  func mutated() throws {
    try inTemporaryFolder { folder in
      var writer = SafetensorsWriter(metadata: ["format": "pt"])
      try writer.add("a", shape: [2, 3], floats: (0..<6).map(Float.init))
      try writer.add("b", shape: [4], type: .int8, bytes: [1, 2, 3, 4])
      try writer.write(to: folder + "/whole")
      let whole = try Array(Data(contentsOf: URL(filePath: folder + "/whole")))
      let path = folder + "/bad.safetensors"
      var refused = 0
      for position in whole.indices {
        for value: UInt8 in [0, 0x22, 0x39, 0xff] {
          var bytes = whole
          bytes[position] = value
          if try failure(of: bytes, in: folder) != nil {
            refused += 1
            continue
          }
          let file = try SafetensorsFile(path: path)
          for name in file.names {
            let entry = try file.entry(named: name)
            #expect(entry.bytes.upperBound <= whole.count)
            #expect(entry.bytes.count == entry.elementCount * entry.type.byteCount)
            #expect(try file.withBytes(named: name) { $0.count } == entry.bytes.count)
          }
        }
      }
      #expect(refused > whole.count / 2)
    }
  }
}
