import DeptTesting
import Foundation
import Testing

@testable import Datasets

@Suite struct PackedExamplesTests {
  static let examples = (0..<200).map { number in
    Example(
      source: String(repeating: "é\(number) ", count: number % 17), target: "\(number % 3)",
      references: [nil, [], ["\(number % 3)"], ["a", "", "鳥"]][number % 4],
      group: number % 5 == 0 ? "group \(number / 10)" : nil)
  }

  private func packed(limit: Int, in folder: URL) throws -> Examples {
    var builder = PackedExamples.Builder(in: folder, limit: limit)
    for example in Self.examples { try builder.append(example) }
    return Examples(try builder.finish())
  }

  @Test(
    "examples beyond the memory limit lie in a file and are the same", arguments: [1, 100, 5000])
  func limit(_ limit: Int) throws {
    let folder = try TemporaryFolder()
    let packed = try packed(limit: limit, in: folder.url)
    #expect(packed == Examples(Self.examples))
    #expect(try packed == self.packed(limit: .max, in: folder.url))
    // The file has no name, so that nothing is left behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a selection of a selection has the places of the first")
  func selecting() throws {
    let folder = try TemporaryFolder()
    let packed = try packed(limit: 100, in: folder.url)
    let some = packed.selecting([9, 3, 150]).selecting([2, 0])
    #expect(Array(some) == [Self.examples[150], Self.examples[9]])
  }

  @Test("where no file can be, examples stay in memory")
  func noPlace() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: "file")
    #expect(try packed(limit: 1, in: file) == Examples(Self.examples))
  }
}
