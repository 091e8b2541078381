/// The permutation that `torch.randperm` draws on the CPU: the DePT paper's splits depend on it.
public enum TorchPermutation {
  /// `torch.randperm(count)` with a generator of this seed.
  ///
  /// - Precondition: `count < 2³² − 1`, beyond which torch draws otherwise.
  public static func indices(_ count: Int, seed: UInt64) -> [Int] {
    precondition(count < 0xFFFF_FFFF, "torch draws permutations of 2³² − 1 and more otherwise")
    var generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
    var indices = Array(0..<count)
    guard count > 1 else { return indices }
    for index in 0..<(count - 1) {
      indices.swapAt(index, index + Int(generator.next()) % (count - index))
    }
    return indices
  }
}
