public import TensorEngine

/// What every primitive promises: the value and every gradient of a plain reference, the same bits
/// again, nothing recorded for constants, and no gradient that is not needed.
public enum PrimitiveLaws {
  /// The laws that a case breaks with the given kernels; empty when it keeps them all.
  public static func violations(
    of item: PrimitiveCase, _ kernels: KernelChoice = .own
  ) -> [Violation] {
    kernels { violations(of: item) }
  }

  private static func violations(of item: PrimitiveCase) -> [Violation] {
    let operands = item.operands.map(\.tensor)
    let value = item.computed(operands)
    let reference = item.expected(item.operands)
    guard value.shape == reference.shape else {
      return [Violation("shape", item.name, "\(value.shape) instead of \(reference.shape)")]
    }
    var found: [Violation] = []
    if !value.isConstant {
      found.append(Violation("constants", item.name, "constants were recorded"))
    }
    found += differences(
      "value", item.name, ReferenceArray(value), reference, tolerance: item.tolerance)
    if value.bits != item.computed(operands).bits {
      found.append(Violation("determinism", item.name, "a second call gave other bits"))
    }
    return found + gradients(item) + threads(item)
  }

  // MARK: Gradients

  private static func gradients(_ item: PrimitiveCase) -> [Violation] {
    let operands = item.operands.map(\.tensor)
    let all = Set(operands.indices)
    guard item.isDifferentiable else {
      let isRecorded = traced(item, all).isRecorded
      return isRecorded ? [Violation("constants", item.name, "a history was recorded")] : []
    }
    var found: [Violation] = []
    let together = traced(item, all)
    if !together.isRecorded && !operands.isEmpty {
      found.append(Violation("history", item.name, "the result of parameters is a constant"))
    }
    if traced(item, all).gradient.map(\.bits) != together.gradient.map(\.bits) {
      found.append(Violation("determinism", item.name, "a second gradient has other bits"))
    }
    for index in operands.indices {
      let place = "\(item.name), operand \(index)"
      let alone = traced(item, [index])
      if alone.gradient.first?.bits != together.gradient[index].bits {
        found.append(Violation("needs", place, "its gradient depends on what else is trained"))
      }
      found += measuredDifferences(item, index, ReferenceArray(together.gradient[index]), place)
    }
    return found
  }

  /// Central differences of the reference along single elements.
  private static func measuredDifferences(
    _ item: PrimitiveCase, _ index: Int, _ gradient: ReferenceArray, _ place: String
  ) -> [Violation] {
    let count = gradient.scalars.count
    let samples = min(count, item.gradientSamples ?? count)
    let order = RandomKey(seed: index).permutation(count).prefix(samples)
    let cotangent = cotangent(item)
    var (measured, found) = ([Double](), [Double]())
    for element in samples == count ? Array(0..<count) : Array(order) {
      var operands = item.operands
      let start = operands[index].scalars[element]
      let step = 1e-4 * max(1, abs(start))
      operands[index].scalars[element] = start + step
      let above = item.expected(operands).dot(cotangent)
      operands[index].scalars[element] = start - step
      let below = item.expected(operands).dot(cotangent)
      measured.append((above - below) / (2 * step))
      found.append(gradient.scalars[element])
    }
    return differences(
      "gradient", place, ReferenceArray(found, shape: [samples]),
      ReferenceArray(measured, shape: [samples]), tolerance: item.tolerance * 2)
  }

  private static func cotangent(_ item: PrimitiveCase) -> ReferenceArray {
    .normal(item.expected(item.operands).shape, 77)
  }

  /// The gradients of the chosen operands under a random cotangent, in their order.
  private static func traced(
    _ item: PrimitiveCase, _ chosen: Set<Int>
  ) -> (gradient: [Tensor], isRecorded: Bool) {
    var parameters = Parameters()
    for index in chosen { parameters["\(index)"] = item.operands[index].tensor }
    let cotangent = cotangent(item).tensor
    var isRecorded = false
    let (_, gradient) = valueWithGradient(at: parameters) { parameters in
      let value = item.computed(
        item.operands.indices.map { index in
          chosen.contains(index) ? parameters["\(index)"] : item.operands[index].tensor
        })
      isRecorded = !value.isConstant
      return (value * cotangent).sum()
    }
    return (chosen.sorted().map { gradient["\($0)"] }, isRecorded)
  }

  // MARK: Threads

  private static func threads(_ item: PrimitiveCase) -> [Violation] {
    guard item.isThreadInvariant,
      item.isThreadInvariantByLibrary || Engine.usesVectorKernels
    else { return [] }
    let one = ThreadSetting.with(threads: 1) { bits(item) }
    let two = ThreadSetting.with(threads: 2) { bits(item) }
    return one == two
      ? [] : [Violation("threads", item.name, "two threads give other bits than one")]
  }

  private static func bits(_ item: PrimitiveCase) -> [[UInt32]] {
    let value = item.computed(item.operands.map(\.tensor)).bits
    guard item.isDifferentiable else { return [value] }
    return [value] + traced(item, Set(item.operands.indices)).gradient.map(\.bits)
  }
}

extension PrimitiveLaws {
  /// Where two arrays differ by more than a share of the largest expected magnitude.
  static func differences(
    _ law: String, _ subject: String, _ found: ReferenceArray, _ expected: ReferenceArray,
    tolerance: Double
  ) -> [Violation] {
    let limit = tolerance * max(1, expected.largest)
    let wrong = found.scalars.indices.filter {
      !(abs(found.scalars[$0] - expected.scalars[$0]) <= limit)
    }
    guard let first = wrong.first else { return [] }
    return [
      Violation(
        law, subject,
        "\(wrong.count) of \(found.scalars.count) elements are off; element \(first) is"
          + " \(found.scalars[first]) instead of \(expected.scalars[first])")
    ]
  }
}

extension Tensor {
  /// The bit patterns of the elements, for comparisons that tell 0 from −0.
  public var bits: [UInt32] { scalars.map(\.bitPattern) }
}
