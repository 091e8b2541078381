#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// T5's map from key–query distances to rows of a bias table (arXiv 1910.10683, §2.1): near
/// distances one bucket each, far ones logarithmically, the last bucket for all beyond.
public struct PositionBuckets: Hashable, Sendable {
  /// Rows of the bias table.
  public let count: Int
  /// Distances from here on share the last bucket.
  public let maximumDistance: Int
  /// Whether keys after the query have buckets of their own.
  public let isBidirectional: Bool

  public init(count: Int, maximumDistance: Int, isBidirectional: Bool) {
    self.count = count
    self.maximumDistance = maximumDistance
    self.isBidirectional = isBidirectional
  }

  /// The bucket of `key position − query position`.
  public func bucket(_ distance: Int) -> Int {
    let half = isBidirectional ? count / 2 : count
    let base = isBidirectional && distance > 0 ? half : 0
    let magnitude = isBidirectional ? abs(distance) : max(-distance, 0)
    let exact = half / 2
    if magnitude < exact { return base + magnitude }
    // In single precision, as the reference implementation computes it.
    let ratio =
      logf(Float(magnitude) / Float(exact)) / Float(log(Double(maximumDistance) / Double(exact)))
    let bucket = exact + Int(ratio * Float(half - exact))
    return base + min(bucket, half - 1)
  }
}

/// The bias of every distance that occurs in one attention, from and to the bucket table.
struct DistanceBias: Sendable {
  /// How many distances occur.
  let count: Int
  /// The index of distance 0.
  let zero: Int
  private let buckets: [Int]
  private let tableRows: Int

  init(_ plan: AttentionShape) {
    // From the first key seen by the last query, to the last key seen by the first query.
    zero = max(0, plan.queryPosition + plan.queries.longest - 1)
    let last = max(0, plan.keys.longest - 1 - plan.queryPosition)
    count = zero + last + 1
    tableRows = plan.buckets?.count ?? 0
    let zero = zero
    buckets = plan.buckets.map { map in (0..<zero + last + 1).map { map.bucket($0 - zero) } } ?? []
  }

  /// `[buckets, heads]` → `[heads, distances]`.
  func expanded(_ table: Tensor, headCount: Int) -> Tensor {
    .filled([headCount, count]) { out in
      for head in 0..<headCount {
        for (index, bucket) in buckets.enumerated() {
          out[head * count + index] = table.pointer[bucket * headCount + head]
        }
      }
    }
  }

  /// `[heads, distances]` → `[buckets, heads]`, adding up the distances of a bucket.
  func collected(_ gradient: Tensor, headCount: Int) -> Tensor {
    .filled([tableRows, headCount]) { out in
      out.update(repeating: 0, count: tableRows * headCount)
      for head in 0..<headCount {
        for (index, bucket) in buckets.enumerated() {
          out[bucket * headCount + head] += gradient.pointer[head * count + index]
        }
      }
    }
  }
}
