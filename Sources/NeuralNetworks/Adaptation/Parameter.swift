public import TensorEngine

/// The declaration of a method's tensor: a key into `Parameters`, never the data itself.
public struct Parameter: Sendable {
  /// Unique and stable on disk: `encoder.input/prompt`.
  public let name: String
  public let shape: Shape
  public let group: ParameterGroup
  /// Whether it belongs to the adapter without being trained.
  public let isHeld: Bool
  let initializer: Initializer
}

extension Parameters {
  /// The current value of a declared parameter.
  public subscript(_ parameter: Parameter) -> Tensor { self[parameter.name] }
}
