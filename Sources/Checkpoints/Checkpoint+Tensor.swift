public import TensorEngine

extension Checkpoint {
  /// A tensor: over the mapped file itself where it is aligned float32, otherwise converted.
  ///
  /// - Parameter shape: the shape it must have.
  public func tensor(named name: String, shape: Shape) throws(CheckpointError) -> Tensor {
    try file(of: name).tensor(named: name, shape: shape)
  }
}

extension SafetensorsFile {
  /// A tensor: over the mapped file itself where it is aligned float32, otherwise converted.
  ///
  /// - Parameter shape: the shape it must have, if that is known.
  public func tensor(named name: String, shape: Shape? = nil) throws(CheckpointError) -> Tensor {
    let entry = try entry(named: name)
    if entry.type == .float32 {
      let mapped = try withFloats(named: name, shape: shape) { floats in
        isMapped(floats) ? floats.baseAddress : nil
      }
      if let mapped { return Tensor(borrowing: mapped, shape: entry.shape, owner: owner) }
    }
    return Tensor(try floats(named: name, shape: shape), shape: entry.shape)
  }
}
