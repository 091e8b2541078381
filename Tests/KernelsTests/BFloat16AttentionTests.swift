import Kernels
import Testing

/// Attention whose products round their operands to bfloat16.
@Suite struct BFloat16AttentionTests {
  @Test(
    "is as close to float32 as rounding allows, and the same by every instruction",
    arguments: AttentionSample.all, BFloat16Way.native)
  func closeness(_ sample: AttentionSample, way: BFloat16Way) throws {
    let exact = sample.computed(rounding: false)
    let found = way.forced { sample.computed(rounding: true) }
    let widened = BFloat16Way.widened.forced { sample.computed(rounding: true) }
    let first = try #require(BFloat16Way.native.first)
    let other = first.forced { sample.computed(rounding: true) }
    for (name, part) in AttentionSample.Outcome.parts {
      // Without an instruction for them, operands stay as they are.
      #expect(widened[keyPath: part] == exact[keyPath: part], "\(name)")
      let off = distance(found[keyPath: part], exact[keyPath: part])
      #expect(off > 0 && off < 0.01, "\(name) is off by \(off)")
      #expect(distance(found[keyPath: part], other[keyPath: part]) < 2e-4, "\(name)")
    }
  }

  @Test(
    "rows kept as bfloat16 give what float32 rows of the same numbers give, rounded",
    arguments: AttentionSample.all, BFloat16Way.native)
  func halves(_ sample: AttentionSample, way: BFloat16Way) {
    var sample = sample
    sample.areRounded = true
    let floats = way.forced { sample.computed(rounding: true) }
    let halves = way.forced { sample.computed(rounding: true, element: DEPT_BFLOAT16) }
    for (name, part) in AttentionSample.Outcome.parts {
      #expect(halves[keyPath: part] == ProductSample.rounded(floats[keyPath: part]), "\(name)")
    }
  }

  @Test("the same call gives the same bits", arguments: BFloat16Way.native)
  func repeats(way: BFloat16Way) {
    let sample = AttentionSample.all[0]
    let found = (0..<2).map { _ in way.forced { sample.computed(rounding: true) } }
    for (_, part) in AttentionSample.Outcome.parts {
      #expect(found[0][keyPath: part] == found[1][keyPath: part])
    }
  }

  @Test("a NaN reaches its head of its sequence, and nothing else", arguments: BFloat16Way.all)
  func strays(way: BFloat16Way) {
    expectOneHead { sample in way.forced { sample.computed(rounding: true) } }
  }

  @Test("the same without our own kernels")
  func straysInTheLibrary() {
    expectOneHead { sample in
      dept_prefer_library(true)
      defer { dept_prefer_library(false) }
      return sample.computed(rounding: false)
    }
  }

  private func expectOneHead(_ computed: (AttentionSample) -> AttentionSample.Outcome) {
    var sample = AttentionSample.all[0]
    sample.strayKey = true
    let found = computed(sample)
    let width = sample.heads * sample.headWidth, second = sample.queries[0] * width
    for index in found.out.indices {
      let isHit = index < second && index % width < sample.headWidth
      #expect(found.out[index].isNaN == isHit, "element \(index)")
    }
  }

  /// The size of a difference relative to what it should be.
  private func distance(_ x: [Float], _ y: [Float]) -> Double {
    var (difference, size) = (0.0, 0.0)
    for (x, y) in zip(x, y) {
      difference += Double(x - y) * Double(x - y)
      size += Double(y) * Double(y)
    }
    return (difference / max(size, 1e-30)).squareRoot()
  }
}
