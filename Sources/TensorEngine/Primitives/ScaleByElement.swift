import Kernels

/// Everything times the only element of another tensor.
struct ScaleByElement: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    let (x, factor) = (operands[0], operands[1])
    precondition(
      factor.allSatisfy { $0 == 1 }, "scaling \(x) by \(factor), which is more than one number")
    return x
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, factor) = (operands[0], operands[1])
    let keptX = needs[1] ? x : nil
    let (number, shape) = (factor.scalar, factor.shape)
    return Evaluation(Self.scaled(x, number)) { gradient in
      [
        needs[0] ? Self.scaled(gradient, number) : nil,
        keptX.map { x in
          let sum = dept_dot(x.scalarCount, x.pointer, gradient.pointer)
          return Tensor([Float(sum)], shape: shape)
        },
      ]
    }
  }

  private static func scaled(_ x: Tensor, _ factor: Float) -> Tensor {
    .filled(x.shape) { dept_scale(x.scalarCount, factor, x.pointer, $0) }
  }
}

extension Tensor {
  /// Everything times the only element of `factor`, `[1]` for example; differentiable in both.
  ///
  /// - Precondition: `factor` has one element.
  public func scaled(by factor: Tensor) -> Tensor { ScaleByElement()(self, factor) }
}
