import DeptTesting
import Foundation

/// The models of `Tests/Golden`, found from this file's place.
enum GoldenFolder {
  static let models = ["t5-v1.0", "t5-v1.1", "t5-far"]
  static let withTokenizer = ["t5-v1.0", "t5-v1.1"]

  static func model(_ name: String) throws -> GoldenModel {
    let tests = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
    return try GoldenModel(directory: tests.appendingPathComponent("Golden/\(name)").path)
  }
}
