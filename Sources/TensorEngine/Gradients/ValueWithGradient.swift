import Kernels

/// The value of `loss` at `parameters`, and its gradient there.
///
/// - Parameter loss: returns a tensor with one element.
/// - Returns: the loss, and a gradient with one tensor for each parameter the loss depends on;
///   parameters it does not depend on have a gradient of zeros.
/// - Complexity: memory is what the pullbacks of computations downstream of a parameter captured.
public func valueWithGradient<Failure: Error>(
  at parameters: Parameters, of loss: (Parameters) throws(Failure) -> Tensor
) throws(Failure) -> (value: Float, gradient: Parameters) {
  var leaves: [String: Node] = [:]
  var traced = Parameters()
  for name in parameters.names {
    let leaf = Node()
    leaves[name] = leaf
    let tensor = parameters[name]
    traced[name] = Tensor(shape: tensor.shape, storage: tensor.storage, node: leaf)
  }
  let result = try loss(traced)
  let value = result.scalar
  var gradients: [UInt64: Tensor] = [:]
  if let root = result.node {
    gradients = backward(from: root, seed: .repeating(1, shape: result.shape))
  }
  let gradient = parameters.map { name, tensor in
    leaves[name].flatMap { gradients[$0.serial] } ?? .zeros(tensor.shape)
  }
  return (value, gradient)
}

/// Runs pullbacks in descending order of creation; returns the gradients of the leaves by serial.
private func backward(from root: Node, seed: Tensor) -> [UInt64: Tensor] {
  var order = reachable(from: root)
  var gradients: [UInt64: Tensor] = [root.serial: seed]
  while let node = order.popLast() {
    guard let pullback = node.takePullback() else { continue }
    guard let gradient = gradients.removeValue(forKey: node.serial) else { continue }
    let contributions = pullback(gradient)
    for (parent, contribution) in zip(node.parents, contributions) {
      guard let parent, let contribution else { continue }
      accumulate(contribution, into: &gradients[parent.serial])
    }
  }
  return gradients
}

/// Every node that leads to `root`, in ascending order of creation.
private func reachable(from root: Node) -> [Node] {
  var found: [UInt64: Node] = [root.serial: root]
  var pending = [root]
  while let node = pending.popLast() {
    for case let parent? in node.parents where found[parent.serial] == nil {
      found[parent.serial] = parent
      pending.append(parent)
    }
  }
  return found.values.sorted { $0.serial < $1.serial }
}

private func accumulate(_ contribution: Tensor, into sum: inout Tensor?) {
  guard var total = sum.take() else {
    sum = contribution
    return
  }
  let count = total.scalarCount
  total.mutate { dept_add(count, UnsafePointer($0), contribution.pointer, $0) }
  sum = total
}
