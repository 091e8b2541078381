import TensorEngine
import Testing

@Suite struct SegmentsTests {
  @Test("neighbours taken as one keep their rows")
  func joined() {
    let segments = Segments(lengths: [3, 1, 0, 5])
    #expect(segments.joined([1, 1, 1, 1]) == segments)
    let pairs = segments.joined([2, 0, 2])
    #expect(pairs.lengths == [4, 0, 5])
    #expect(pairs.starts == [0, 4, 4])
    #expect(pairs.rows == segments.rows)
    #expect(Segments(lengths: []).joined([0, 0]).lengths == [0, 0])
  }
}
