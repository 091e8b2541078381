import Kernels
import Testing

/// Random operands of attention over packed sequences, and what the kernels make of them.
struct AttentionSample: Sendable, CustomTestStringConvertible {
  var queries: [Int]
  var keys: [Int]
  var heads = 2
  var headWidth: Int
  var isCausal = false
  var hasBias = false
  var dropout: Float = 0
  /// Whether the first number of the first key is NaN.
  var strayKey = false
  /// Whether all operands are bfloat16 numbers, in memory of float32 ones or of 16 bits.
  var areRounded = false

  /// Blocks that are full and not, depths and widths that fill a tile and do not.
  static let all = [
    AttentionSample(queries: [40, 33], keys: [65, 7], headWidth: 64, dropout: 0.2),
    AttentionSample(queries: [70, 2], keys: [70, 2], headWidth: 20, hasBias: true, dropout: 0.1),
    AttentionSample(queries: [45, 0, 3], keys: [45, 0, 3], headWidth: 33, isCausal: true),
    AttentionSample(queries: [1, 17], keys: [1, 90], headWidth: 96, hasBias: true),
    AttentionSample(queries: [35], keys: [300], heads: 1, headWidth: 4),
  ]

  struct Outcome {
    var out, dq, dk, dv: [Float]

    static var parts: [(String, KeyPath<Outcome, [Float]>)] {
      [("out", \.out), ("dq", \.dq), ("dk", \.dk), ("dv", \.dv)]
    }
  }

  var testDescription: String {
    "\(queries) over \(keys), \(heads) heads of \(headWidth)"
      + "\(isCausal ? ", causal" : "")\(hasBias ? ", biased" : "")"
  }

  /// - Parameter element: the type of rows in memory.
  func computed(rounding: Bool, element: dept_element = DEPT_FLOAT32) -> Outcome {
    let width = heads * headWidth
    let (queryRows, keyRows) = (queries.reduce(0, +), keys.reduce(0, +))
    func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
      let numbers = randomNumbers(count, seed)
      return areRounded ? ProductSample.rounded(numbers) : numbers
    }
    let q = numbers(queryRows * width, 1), v = numbers(keyRows * width, 3)
    var k = numbers(keyRows * width, 2)
    if strayKey { k[0] = .nan }
    let gradient = numbers(queryRows * width, 4)
    let distances = 2 * (max(queries.max() ?? 0, keys.max() ?? 0))
    let bias = randomNumbers(heads * distances, 5)
    var logSum = [Float](repeating: 0, count: queryRows * heads)
    var result = Outcome(out: q, dq: q, dk: k, dv: v)
    let (queryStart, queryLength) = Self.segments(queries)
    let (keyStart, keyLength) = Self.segments(keys)
    queryStart.withUnsafeBufferPointer { queryStart in
      queryLength.withUnsafeBufferPointer { queryLength in
        keyStart.withUnsafeBufferPointer { keyStart in
          keyLength.withUnsafeBufferPointer { keyLength in
            bias.withUnsafeBufferPointer { bias in
              var shape = dept_attention_shape()
              shape.sequences = queries.count
              (shape.query_start, shape.query_length) =
                (queryStart.baseAddress, queryLength.baseAddress)
              (shape.key_start, shape.key_length) = (keyStart.baseAddress, keyLength.baseAddress)
              (shape.heads, shape.head_width) = (heads, headWidth)
              (shape.scale, shape.causal) = (0.4, isCausal)
              if hasBias { shape.bias = bias.baseAddress }
              (shape.distances, shape.zero) = (distances, distances / 2)
              (shape.dropout, shape.key) = (dropout, 9)
              shape.rounding = rounding
              shape.element = element
              guard element == DEPT_BFLOAT16 else {
                dept_attention(&shape, q, k, v, &result.out, &logSum)
                dept_attention_pull(
                  &shape, q, k, v, result.out, logSum, gradient, &result.dq, &result.dk,
                  &result.dv, nil)
                return
              }
              let halves = [q, k, v, gradient].map(Self.halves)
              var out = halves[0], dq = halves[0], dk = halves[1], dv = halves[2]
              dept_attention(&shape, halves[0], halves[1], halves[2], &out, &logSum)
              dept_attention_pull(
                &shape, halves[0], halves[1], halves[2], nil, logSum, halves[3], &dq, &dk, &dv,
                nil)
              let widened = [out, dq, dk, dv].map { $0.map { Float(bitPattern: UInt32($0) << 16) } }
              result = Outcome(
                out: widened[0], dq: widened[1], dk: widened[2], dv: widened[3])
            }
          }
        }
      }
    }
    return result
  }

  private static func halves(_ numbers: [Float]) -> [UInt16] {
    ProductSample.rounded(numbers).map { UInt16($0.bitPattern >> 16) }
  }

  private static func segments(_ lengths: [Int]) -> (starts: [Int32], lengths: [Int32]) {
    var start = 0
    let starts = lengths.map { length in
      defer { start += length }
      return Int32(start)
    }
    return (starts, lengths.map(Int32.init))
  }
}
