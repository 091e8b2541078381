import Checkpoints
import Foundation
import Testing

@Suite struct CheckpointTests {
  private func writeShard(_ path: String, _ tensors: [(String, [Float])]) throws {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for (name, values) in tensors { try writer.add(name, shape: [values.count], floats: values) }
    try writer.write(to: path)
  }

  @Test("one file and shards with an index are looked up alike")
  func layouts() throws {
    try inTemporaryFolder { folder in
      try writeShard(folder + "/one.safetensors", [("a", [1]), ("b", [2, 3])])
      try writeShard(folder + "/two.safetensors", [("c", [4]), ("unlisted", [5])])
      let index =
        #"{"metadata":{"total_size":16},"weight_map":{"a":"one.safetensors","b":"one.safetensors","#
        + #""c":"two.safetensors"}}"#
      try write(Array(index.utf8), to: folder + "/model.safetensors.index.json")
      let sharded = try Checkpoint(directory: folder)
      #expect(sharded.names == ["a", "b", "c"])
      #expect(try sharded.floats(named: "b", shape: [2]) == [2, 3])
      #expect(try sharded.withFloats(named: "c", shape: [1]) { Array($0) } == [4])
      #expect(sharded.entry(named: "c")?.shape == [1])
      #expect(sharded.entry(named: "unlisted") == nil)
      #expect(
        throws: CheckpointError.missingTensor(path: folder, tensor: "unlisted", nearest: [])
      ) { try sharded.floats(named: "unlisted", shape: [1]) }

      try writeShard(folder + "/model.safetensors", [("only", [9])])
      let single = try Checkpoint(directory: folder)
      #expect(single.names == ["only"])
      #expect(try single.floats(named: "only", shape: [1]) == [9])
      let path = folder + "/model.safetensors"
      #expect(
        throws: CheckpointError.wrongShape(
          path: path, tensor: "only", expected: [1, 1], found: [1])
      ) { try single.floats(named: "only", shape: [1, 1]) }
      #expect(
        throws: CheckpointError.missingTensor(path: path, tensor: "onli", nearest: ["only"])
      ) { try single.floats(named: "onli", shape: [1]) }
    }
  }

  @Test("an index that lies is refused, and no shard is looked for outside the directory")
  func indexes() throws {
    try inTemporaryFolder { folder in
      try writeShard(folder + "/one.safetensors", [("a", [1])])
      let path = folder + "/model.safetensors.index.json"
      func failure(_ index: String) throws -> CheckpointError? {
        try write(Array(index.utf8), to: path)
        return #expect(throws: CheckpointError.self) { try Checkpoint(directory: folder) }
      }
      for index in ["", "[]", "{}", #"{"weight_map":{}}"#, #"{"weight_map":{"a":1}}"#] {
        guard case .malformedIndex(path, _) = try failure(index) else {
          Issue.record("\(index) is taken for something else")
          continue
        }
      }
      for file in ["../one.safetensors", "/etc/passwd", "", ".", "sub/one.safetensors"] {
        #expect(
          try failure(#"{"weight_map":{"a":"\#(file)"}}"#)
            == .malformedIndex(path: path, reason: "'\(file)' is not the name of a file beside it"))
      }
      #expect(
        try failure(#"{"weight_map":{"a":"two.safetensors"}}"#)
          == .malformedIndex(
            path: path, reason: "the shard two.safetensors that it names is not there"))
      #expect(
        try failure(#"{"weight_map":{"zz":"one.safetensors"}}"#)
          == .missingTensor(path: folder + "/one.safetensors", tensor: "zz", nearest: ["a"]))
    }
  }

  @Test("a directory without weights says what it lacks, and pickles are never read")
  func absent() throws {
    try inTemporaryFolder { folder in
      func failure(_ directory: String) -> CheckpointError? {
        #expect(throws: CheckpointError.self) { try Checkpoint(directory: directory) }
      }
      #expect(failure(folder) == .missingWeights(directory: folder))
      #expect(failure(folder)?.isMissingInput == true)
      #expect(failure(folder + "/none") == .missingFile(path: folder + "/none"))
      try write([0x80, 2], to: folder + "/pytorch_model.bin")
      #expect(failure(folder) == .pickleOnly(directory: folder, file: "pytorch_model.bin"))
      #expect(failure(folder)?.description.contains("save_pretrained") == true)
      let file = folder + "/pytorch_model.bin"
      #expect(failure(file) == .unreadable(path: file, reason: "it is not a directory"))
    }
  }
}
