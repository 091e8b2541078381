import Kernels

/// A product, and what a plain sum in double makes of it.
struct ProductSample: CustomStringConvertible {
  var (m, k, n) = (50, 65, 45)
  var (transposesA, transposesB) = (false, false)
  /// Whether operands are rounded to bfloat16.
  var rounds = true
  /// Whether B lies in memory as bfloat16, or is float32, and rounded on the way.
  var hasHalves = true
  /// Whether A's numbers are rounded before, and whether A and C lie in memory as bfloat16.
  var (isRoundedA, keepsA, keepsC) = (false, false, false)
  var edit = DEPT_EDIT_NONE
  var epilogue = DEPT_STORE
  /// What A's numbers are multiplied by.
  var scale: Float = 1
  /// Written over one element of A, B.
  var (strayA, strayB): (Float?, Float?) = (nil, nil)

  struct Outcome {
    var c: [Float]
    var bits: [UInt16]
  }

  private static let (probability, key, editKey): (Float, UInt64, UInt64) = (0.25, 11, 12)

  var description: String {
    "\(m)x\(k)x\(n) \(transposesA ? "T" : "N")\(transposesB ? "T" : "N") "
      + "rounds \(rounds) halves \(hasHalves) edit \(edit.rawValue) epilogue \(epilogue.rawValue)"
  }

  private var a: [Float] {
    let numbers = randomNumbers(m * k, 1).map { scale * $0 }
    return replacing(strayA, in: isRoundedA ? Self.rounded(numbers) : numbers)
  }
  private var b: [Float] { replacing(strayB, in: randomNumbers(n * k, 2)) }
  private var before: [Float] { randomNumbers(m * n, 3) }
  private var editBits: [UInt16] {
    randomNumbers(m * Self.words(k), 4).map { UInt16(truncatingIfNeeded: Int($0 * 1e6)) }
  }
  private var dropout: Float { epilogue.rawValue >= DEPT_RESIDUAL.rawValue ? Self.probability : 0 }

  /// What the tiles of a way make of it.
  func computed(_ way: BFloat16Way) -> Outcome {
    let (a, b, before, editBits) = (a, b, before, editBits)
    let halves = Self.rounded(b).map { UInt16($0.bitPattern >> 16) }
    let halvesOfA = Self.rounded(a).map { UInt16($0.bitPattern >> 16) }
    var halvesOfC = Array(repeating: UInt16(0), count: m * n)
    var result = Outcome(c: before, bits: Array(repeating: 0, count: m * Self.words(n)))
    way.forced {
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBytes { floats in
          halves.withUnsafeBytes { halves in
            before.withUnsafeBufferPointer { before in
              editBits.withUnsafeBufferPointer { editBits in
                result.c.withUnsafeMutableBufferPointer { c in
                  result.bits.withUnsafeMutableBufferPointer { bits in
                    var product = dept_product()
                    (product.transpose_a, product.transpose_b) = (transposesA, transposesB)
                    (product.m, product.n, product.k) = (m, n, k)
                    product.a = keepsA ? nil : a.baseAddress
                    product.b = hasHalves ? halves.baseAddress : floats.baseAddress
                    product.b_element = hasHalves ? DEPT_BFLOAT16 : DEPT_FLOAT32
                    product.rounding = rounds
                    product.c = keepsC ? nil : c.baseAddress
                    product.edit = edit
                    product.edit_dropout = edit == DEPT_EDIT_NONE ? 0 : Self.probability
                    product.edit_key = Self.editKey
                    product.edit_bits = editBits.baseAddress
                    product.epilogue = epilogue
                    product.residual = before.baseAddress
                    product.dropout = dropout
                    product.key = Self.key
                    product.bits = epilogue == DEPT_RELU ? bits.baseAddress : nil
                    halvesOfA.withUnsafeBufferPointer { halvesOfA in
                      halvesOfC.withUnsafeMutableBufferPointer { halvesOfC in
                        if keepsA { product.a_halves = halvesOfA.baseAddress }
                        if keepsC { product.c_halves = halvesOfC.baseAddress }
                        dept_multiply_matrices(&product)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    if keepsC { result.c = halvesOfC.map { Float(bitPattern: UInt32($0) << 16) } }
    return result
  }

  /// The plain sum, and the sum of the terms' sizes: what an error is measured by.
  func expected() -> (c: [Double], sizes: [Double]) {
    let left = rounds ? Self.rounded(edited) : edited
    let right = rounds || hasHalves ? Self.rounded(b) : b
    let before = before
    var c = Array(repeating: 0.0, count: m * n), sizes = c
    let kept = Self.dropped(m, n, dropout, Self.key)
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (0.0, 0.0)
        for l in 0..<k {
          let x = left[transposesA ? l * m + i : i * k + l]
          let term = Double(x) * Double(right[transposesB ? j * k + l : l * n + j])
          sum += term
          size += abs(term)
        }
        let at = i * n + j
        let keepsOld = epilogue == DEPT_ACCUMULATE || epilogue == DEPT_RESIDUAL
        let old = keepsOld ? Double(before[at]) : 0
        switch epilogue {
        case DEPT_ACCUMULATE: sum += old
        case DEPT_RESIDUAL: sum = sum * Double(kept[at]) + old
        case DEPT_RELU: sum = (sum > 0 || sum.isNaN ? sum : 0) * Double(kept[at])
        default: break
        }
        (c[at], sizes[at]) = (sum, size + abs(old))
      }
    }
    return (c, sizes)
  }

  private var edited: [Float] {
    let scale = 1 / (1 - Self.probability), bits = editBits
    switch edit {
    case DEPT_EDIT_DROPOUT:
      return zip(a, Self.dropped(m, k, Self.probability, Self.editKey)).map(*)
    case DEPT_EDIT_BITS:
      return a.enumerated().map { index, x in
        let (row, column) = index.quotientAndRemainder(dividingBy: k)
        return bits[row * Self.words(k) + column / 16] >> (column % 16) & 1 == 1 ? x * scale : 0
      }
    default: return a
    }
  }

  // MARK: Numbers

  static func words(_ width: Int) -> Int { (width + 15) / 16 }

  /// Ones after dropout: 0, or what a kept element is multiplied by.
  private static func dropped(
    _ rows: Int, _ width: Int, _ probability: Float, _ key: UInt64
  ) -> [Float] {
    let ones = Array(repeating: Float(1), count: rows * width)
    guard probability > 0 else { return ones }
    var out = ones
    dept_dropout(rows, width, probability, key, ones, &out)
    return out
  }

  static func rounded(_ numbers: [Float]) -> [Float] {
    var halves = Array(repeating: UInt16(0), count: numbers.count)
    dept_round_bfloat16(numbers.count, numbers, &halves)
    return halves.map { Float(bitPattern: UInt32($0) << 16) }
  }

  private func replacing(_ stray: Float?, in numbers: [Float]) -> [Float] {
    guard let stray else { return numbers }
    var numbers = numbers
    numbers[numbers.count / 2] = stray
    return numbers
  }
}
