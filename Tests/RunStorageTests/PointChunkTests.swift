import Foundation
import Testing

@testable import RunStorage

/// A chunk as layouts 1 to 3 of the store wrote it.
func earlierChunk(steps: [Int], values: [Double]) -> Data {
  func integer(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + integer(value >> 7)
  }
  let differences = zip(steps.dropFirst(), steps).map { UInt64($0 - $1) }
  let isEven = Set(differences).count == 1
  let isSingle = values.allSatisfy { $0.isNaN || Double(Float($0)) == $0 }
  var bytes: [UInt8] = [(isEven ? 1 : 0) | (isSingle ? 2 : 0)]
  bytes += integer(UInt64(steps.count))
  bytes += integer(UInt64(bitPattern: Int64(steps.first ?? 0)))
  bytes += (isEven ? [differences[0]] : differences).flatMap(integer)
  for value in values {
    if isSingle {
      withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes += $0 }
    } else {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }
  }
  return Data(bytes)
}

@Suite("A chunk of points")
struct PointChunkTests {
  static let odd: [Double] = [
    0, -0.0, .nan, .infinity, -.infinity, .signalingNaN, 1, -1, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0.1, 1e-300,
    Double(bitPattern: 0xfff8_dead_beef_0001), Double(bitPattern: .max),
  ]

  /// Kinds of values, each of any length.
  static let kinds: [@Sendable (Int) -> Double] = [
    { _ in 0.1 },
    { odd[$0 % odd.count] },
    { 3 / (1 + Double($0) / 50) + 0.5 + 0.1 * sin(Double($0 * $0)) },
    { Double(Float(1 / Double($0 + 1))) * ($0 % 3 == 0 ? -1 : 1) },
    { Double($0) },
    { Double(bitPattern: UInt64($0 + 1) &* 0x9e37_79b9_7f4a_7c15) },
    { $0 % 700 == 0 ? -0.0 : 0 },
    { 1e-5 * Double($0 % 1000) },
  ]

  private func isSame(_ a: [Double], _ b: [Double]) -> Bool {
    a.map(\.bitPattern) == b.map(\.bitPattern)
  }

  @Test(
    "gives values and steps back bit for bit", arguments: kinds.indices,
    [0, 1, 2, 63, 64, 65, 129, 4096])
  func roundTrip(kind: Int, count: Int) throws {
    let values = (0..<count).map(Self.kinds[kind])
    let spacings: [[Int]] = [
      (0..<count).map { $0 + 1 }, (0..<count).map { $0 * 50 - 100 },
      (0..<count).map { $0 * $0 + $0 }, (0..<count).map { $0 == 0 ? 0 : $0 + 1 << 40 },
    ]
    for steps in spacings {
      let data = PointChunk(steps: steps, values: values).data
      let read = try #require(PointChunk(data: data))
      #expect(read.steps == steps)
      #expect(isSame(read.values, values))
    }
  }

  @Test("takes as many bits as its values differ in")
  func size() {
    func bytes(_ kind: Int) -> Double {
      let values = (0..<4096).map(Self.kinds[kind])
      return Double(PointChunk(steps: Array(1...4096), values: values).data.count) / 4096
    }
    #expect(bytes(0) < 0.2)
    #expect(bytes(2) < 7)
    #expect(bytes(4) < 2)
    #expect(bytes(5) < 8.2)
  }

  @Test("of an earlier layout is read still", arguments: kinds.indices)
  func earlier(kind: Int) throws {
    let values = (0..<512).map(Self.kinds[kind])
    for steps in [Array(7...518), (0..<512).map { $0 * $0 }] {
      let read = try #require(PointChunk(data: earlierChunk(steps: steps, values: values)))
      #expect(read.steps == steps)
      // What was kept in single precision has no NaN but one.
      #expect(zip(read.values, values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    }
  }

  @Test("that is cut, or goes on, or is of a kind that does not exist, is none")
  func damaged() {
    let values = (0..<100).map(Self.kinds[2])
    for steps in [Array(1...100), (0..<100).map { $0 * $0 }] {
      for data in [
        PointChunk(steps: steps, values: values).data, earlierChunk(steps: steps, values: values),
      ] {
        for cut in 0..<data.count { #expect(PointChunk(data: data.prefix(cut)) == nil) }
        #expect(PointChunk(data: data + [0]) == nil)
        #expect(PointChunk(data: [9] + data.dropFirst()) == nil)
      }
    }
  }

  @Test("survives any damage without a trap", arguments: 0..<4)
  func random(seed: UInt64) {
    let chunk = PointChunk(
      steps: (0..<200).map { $0 * $0 }, values: (0..<200).map(Self.kinds[2]))
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
    var read = 0
    for _ in 0..<3000 {
      var data = chunk.data
      for _ in 0..<3 { data[next(data.count)] = UInt8(next(256)) }
      if PointChunk(data: data) != nil { read += 1 }
      var overview = ChunkOverview(chunk).data(isEven: false)
      for _ in 0..<3 { overview[next(overview.count)] = UInt8(next(256)) }
      _ = ChunkOverview(data: overview, firstStep: 0, lastStep: 199 * 199, count: 200)
    }
    #expect(read < 3000)
  }

  @Test("has an overview of every 64 points that is exact", arguments: kinds.indices)
  func overview(kind: Int) throws {
    for (count, isEven) in [(1, true), (64, true), (300, true), (300, false), (4096, false)] {
      let steps = (0..<count).map { isEven ? 5 + $0 * 3 : $0 * $0 }
      let chunk = PointChunk(steps: steps, values: (0..<count).map(Self.kinds[kind]))
      let data = ChunkOverview(chunk).data(isEven: isEven)
      let last = steps[count - 1]
      let read = try #require(
        ChunkOverview(data: data, firstStep: steps[0], lastStep: last, count: count))
      #expect(read.blocks.count == (count + 63) / 64)
      for (index, block) in read.blocks.enumerated() {
        let range = index * 64..<min(index * 64 + 64, count)
        let numbers = chunk.values[range].filter { !$0.isNaN }
        #expect(block.points == range.count)
        #expect(block.firstStep == steps[range.lowerBound])
        #expect(block.lastStep == steps[range.upperBound - 1])
        #expect(block.min == numbers.min() || (numbers.isEmpty && block.min.isNaN))
        #expect(block.max == numbers.max() || (numbers.isEmpty && block.max.isNaN))
        #expect(block.last.bitPattern == chunk.values[range.upperBound - 1].bitPattern)
      }
      for cut in 0..<data.count {
        #expect(
          ChunkOverview(
            data: data.prefix(cut), firstStep: steps[0], lastStep: last, count: count) == nil)
      }
    }
  }
}
