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

  @Test("every row has its sequence and its place in it, empty sequences or not")
  func rowNumbers() {
    let segments = Segments(lengths: [2, 0, 3])
    #expect(segments.indices == [0, 0, 2, 2, 2])
    #expect(segments.positions == [0, 1, 0, 1, 2])
    #expect(Segments(lengths: []).indices.isEmpty)
  }

  @Test("lengths of appended sequences add up")
  func appended() {
    let joined = Segments(lengths: [2, 0, 3]).appending(Segments(lengths: [1, 4, 0]))
    #expect(joined == Segments(lengths: [3, 4, 3]))
  }
}
