import Checkpoints
import Foundation
import Testing

@Suite struct AdapterFileTests {
  private let adapter = AdapterFile(
    method: "dept", hyperparameters: #"{"promptLength":2,"rank":1}"#, backbone: "t5-small",
    parameters: [
      .init(name: "encoder.input/embedding.a", shape: [2, 1], values: [0.5, -0.5]),
      .init(name: "encoder.input/embedding.b", shape: [1, 3], values: [0, 0, 0]),
      .init(name: "encoder.input/prompt", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    ])

  @Test("an adapter is read back as it was written, from its file or its directory")
  func roundTrip() throws {
    try inTemporaryFolder { folder in
      try adapter.write(to: "\(folder)/\(AdapterFile.fileName)")
      #expect(try AdapterFile(path: folder) == adapter)
      #expect(try AdapterFile(path: "\(folder)/\(AdapterFile.fileName)") == adapter)
    }
  }

  @Test("a file of tensors alone, as other programs write it, is an adapter")
  func foreign() throws {
    try inTemporaryFolder { folder in
      var writer = SafetensorsWriter()
      try writer.add("encoder.input/prompt", shape: [1, 2], floats: [1, 2], as: .bfloat16)
      try writer.write(to: folder + "/init.safetensors")
      let read = try AdapterFile(path: folder + "/init.safetensors")
      #expect(read.method == nil)
      #expect(read.backbone == nil)
      #expect(
        read.parameters == [.init(name: "encoder.input/prompt", shape: [1, 2], values: [1, 2])])
      #expect(read.parameters[0].site == "encoder.input")
      #expect(read.parameters[0].parameter == "prompt")
    }
  }

  @Test("values are given for a name and a shape, and a mismatch names both shapes")
  func values() throws {
    let name = "encoder.input/prompt"
    #expect(try adapter.values(named: name, shape: [2, 3], path: "a") == [1, 2, 3, 4, 5, 6])
    #expect(
      throws: CheckpointError.wrongShape(path: "a", tensor: name, expected: [4, 3], found: [2, 3])
    ) { try adapter.values(named: name, shape: [4, 3], path: "a") }
    #expect(
      throws: CheckpointError.missingTensor(
        path: "a", tensor: "encoder.input/promt", nearest: ["encoder.input/prompt"])
    ) { try adapter.values(named: "encoder.input/promt", shape: [2, 3], path: "a") }
  }

  @Test("names that say no site are refused, written or read")
  func names() throws {
    try inTemporaryFolder { folder in
      for name in ["prompt", "/prompt", "encoder.input/", "a//b"] {
        var adapter = adapter
        adapter.parameters[0].name = name
        #expect(throws: CheckpointError.self) { try adapter.write(to: folder + "/w.safetensors") }
        var writer = SafetensorsWriter()
        try writer.add(name, shape: [1], floats: [1])
        try writer.write(to: folder + "/r.safetensors")
        let error = #expect(throws: CheckpointError.self) {
          try AdapterFile(path: folder + "/r.safetensors")
        }
        #expect(error?.description.contains("<site path>/<parameter>") == true)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["r.safetensors"])
    }
  }
}
