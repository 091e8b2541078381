/// The same elements under another shape.
struct Reshape: Primitive {
  let target: Shape

  func shape(of operands: [Shape]) -> Shape { target }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let shape = operands[0].shape
    return Evaluation(Tensor(shape: target, storage: operands[0].storage, dtype: operands[0].dtype))
    {
      [Tensor(shape: shape, storage: $0.storage)]
    }
  }
}
