import Experiments
import Foundation
import Testing

/// Expected values are SciPy's: `Tests/Golden/golden_sobol.py` made them.
@Suite struct SobolSequenceTests {
  private struct Golden: Decodable {
    struct Far: Decodable {
      var index: Int
      var point: [UInt32]
    }
    var first: [[UInt32]]
    var far: [Far]
  }

  private static func golden() throws -> Golden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Golden/sobol.json"))
    return try JSONDecoder().decode(Golden.self, from: data)
  }

  private static func point(_ index: Int) -> [UInt32] {
    // SciPy has 30 bits a coordinate.
    (0..<SobolSequence.dimensions).compactMap {
      SobolSequence.bits(of: index, dimension: $0).map { $0 >> 2 }
    }
  }

  @Test("points are SciPy's in every dimension, near and far")
  func points() throws {
    let golden = try Self.golden()
    #expect(golden.first.count == 64 && golden.first[0].count == SobolSequence.dimensions)
    for (index, expected) in golden.first.enumerated() {
      #expect(Self.point(index) == expected, "point \(index)")
    }
    for far in golden.far { #expect(Self.point(far.index) == far.point, "point \(far.index)") }
  }

  @Test("there are dimensions enough for a sweep, and no more than there are numbers for")
  func dimensions() {
    #expect(SobolSequence.dimensions >= 16)
    #expect(SobolSequence.bits(of: 1, dimension: SobolSequence.dimensions) == nil)
  }
}
