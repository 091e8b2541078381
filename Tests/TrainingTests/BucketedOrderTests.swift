import TensorEngine
import Testing

@testable import Training

/// What sorting by length inside windows buys, and what it must not cost.
@Suite struct BucketedOrderTests {
  private static let limits = [BatchLimit.examples(16), .tokens(800)]

  /// Lengths 4...203, so that a batch of 16 has about 1,600 tokens.
  private func lengths(_ count: Int, _ seed: Int = 0) -> [Int] {
    let key = RandomKey(seed: seed).folding("lengths")
    return (0..<count).map { 4 + Int(200 * key.unit($0)) }
  }

  private func epoch(_ number: Int, _ epochs: EpochBatches) -> [[Int]] {
    epochs.drawn(RandomKey(seed: 11).folding(number))
  }

  @Test("the sources of a batch are of similar length", arguments: limits)
  func similarity(limit: BatchLimit) {
    let lengths = lengths(4000)
    func spread(_ order: TrainingSchedule.Order) -> Double {
      let batches = epoch(0, EpochBatches(lengths: lengths, limit: limit, order: order))
      let spreads = batches.map { batch in
        let own = batch.map { lengths[$0] }
        return Double((own.max() ?? 0) - (own.min() ?? 0))
      }
      return spreads.reduce(0, +) / Double(spreads.count)
    }
    #expect(spread(.bucketed) < 0.1 * spread(.shuffled))
  }

  @Test("batches are full but for one, or nearly full where lengths differ", arguments: limits)
  func fullness(limit: BatchLimit) {
    for count in [17, 100, 1000, 3999] {
      let lengths = lengths(count)
      let batches = epoch(0, EpochBatches(lengths: lengths, limit: limit, order: .bucketed))
      switch limit {
      case .examples(let size):
        let smaller = batches.map(\.count).filter { $0 < size }
        #expect(batches.count == (count + size - 1) / size)
        // What is left over on either side of the seam.
        #expect(smaller.count <= 2)
      case .tokens(let budget):
        let fewest = lengths.reduce(0, +) / budget
        #expect(Double(batches.count) <= 1.2 * Double(fewest) + 2, "\(count)")
      }
    }
  }

  @Test("long examples come as early as late, whatever the epoch", arguments: limits)
  func position(limit: BatchLimit) {
    // The longest, the shortest, and one in the middle.
    let lengths = [400, 1, 100] + lengths(317)
    let epochs = EpochBatches(lengths: lengths, limit: limit, order: .bucketed)
    let drawn = 2000
    var tenths = Array(repeating: Array(repeating: 0, count: 10), count: 3)
    var positions = [0.0, 0, 0]
    for number in 0..<drawn {
      let batches = epoch(number, epochs)
      for (index, batch) in batches.enumerated() {
        for example in batch where example < 3 {
          let place = (Double(index) + 0.5) / Double(batches.count)
          positions[example] += place / Double(drawn)
          tenths[example][Int(10 * place)] += 1
        }
      }
    }
    for example in 0..<3 {
      // Five standard deviations of a uniform position's mean over the epochs.
      #expect(abs(positions[example] - 0.5) < 0.033, "\(positions)")
      #expect(tenths[example].allSatisfy { (110...300).contains($0) }, "\(tenths[example])")
    }
  }

  @Test("an example meets other ones in every epoch", arguments: limits)
  func company(limit: BatchLimit) throws {
    let epochs = EpochBatches(lengths: lengths(1000), limit: limit, order: .bucketed)
    let met = (0..<8).map { number in
      Set(epoch(number, epochs).first { $0.contains(0) } ?? [])
    }
    #expect(met.allSatisfy { $0.contains(0) })
    for (number, company) in met.enumerated() {
      for other in met[..<number] {
        #expect(company.intersection(other).count <= company.count / 2)
      }
    }
  }

  @Test("no length is favoured: batches of long sources are not smaller ones", arguments: 0..<4)
  func weights(seed: Int) {
    // A remainder of three examples an epoch.
    let lengths = lengths(403, seed)
    let epochs = EpochBatches(lengths: lengths, limit: .examples(16), order: .bucketed)
    // An example's weight in its batch's mean, averaged over epochs.
    var weights = Array(repeating: 0.0, count: lengths.count)
    for number in 0..<400 {
      for batch in epoch(number, epochs) {
        for example in batch { weights[example] += 1 / Double(batch.count) / 400 }
      }
    }
    let sorted = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    func mean(_ quarter: Int) -> Double {
      sorted[quarter * 100..<(quarter + 1) * 100].reduce(0) { $0 + weights[$1] } / 100
    }
    let means = (0..<4).map(mean)
    #expect((means.max() ?? 0) / (means.min() ?? 1) < 1.02, "\(means)")
  }

  @Test("a cut into batches loses nothing, wherever its seam is")
  func cuts() {
    #expect(BatchCut(costs: [], limit: 5)([], seam: 0).isEmpty)
    #expect(BatchCut(costs: [9], limit: 5)([0], seam: 0) == [[0]])
    #expect(BatchCut(costs: [9, 8, 7], limit: 5)([2, 0, 1], seam: 1) == [[2], [0], [1]])
    let seven = BatchCut(costs: Array(repeating: 1, count: 7), limit: 3)
    let all = Array(0..<7)
    #expect(seven(all, seam: 7).map(\.count) == [3, 3, 1])
    #expect(seven(all, seam: 4).map(\.count) == [3, 1, 3])
    #expect(seven(all, seam: 5).map(\.count) == [3, 2, 2])
    #expect(seven(all, seam: 0).map(\.count) == [1, 3, 3])
    for seed in 0..<200 {
      let key = RandomKey(seed: seed)
      let costs = (0..<1 + seed % 40).map { 1 + Int(30 * key.unit($0)) }
      let limit = 1 + seed % 60
      let plain = BatchCut(costs: costs, limit: limit)(Array(costs.indices), seam: costs.count)
      for seam in 0...costs.count {
        let batches = BatchCut(costs: costs, limit: limit)(Array(costs.indices), seam: seam)
        #expect(Array(batches.joined()) == Array(costs.indices))
        #expect(batches.count <= plain.count + 1)
        #expect(
          batches.allSatisfy { $0.count == 1 || $0.reduce(0) { $0 + costs[$1] } <= limit })
      }
    }
  }
}
