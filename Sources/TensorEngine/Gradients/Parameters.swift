/// Named tensors: what a method trains, a gradient, an optimizer's moments, an adapter file.
///
/// A value. Names are unique and stable on disk (`encoder.input/prompt`); iteration is sorted.
public struct Parameters: Sendable {
  private var tensors: [String: Tensor]

  public init() { tensors = [:] }

  /// The tensor of that name.
  ///
  /// - Precondition: reading requires that it exists.
  public subscript(_ name: String) -> Tensor {
    get {
      guard let tensor = tensors[name] else {
        preconditionFailure("there is no parameter named '\(name)'")
      }
      return tensor
    }
    set { tensors[name] = newValue }
  }

  /// The tensor of that name, or `nil`.
  public func tensor(named name: String) -> Tensor? { tensors[name] }
  /// All names, sorted.
  public var names: [String] { tensors.keys.sorted() }
  /// The number of tensors.
  public var count: Int { tensors.count }
  /// The number of scalars in all.
  public var scalarCount: Int { tensors.values.reduce(0) { $0 + $1.scalarCount } }

  /// All but the tensors of these names.
  public func without(_ names: [String]) -> Parameters {
    var result = self
    for name in names { result.tensors[name] = nil }
    return result
  }

  /// The same names with transformed tensors.
  public func map(_ transform: (String, Tensor) throws -> Tensor) rethrows -> Parameters {
    var result = Parameters()
    for name in names { result[name] = try transform(name, self[name]) }
    return result
  }

  /// Changes one tensor in place; copies it first where somebody else holds it.
  package mutating func mutate(_ name: String, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    guard var tensor = tensors.removeValue(forKey: name) else {
      preconditionFailure("there is no parameter named '\(name)'")
    }
    tensor.mutate(body)
    tensors[name] = tensor
  }
}
