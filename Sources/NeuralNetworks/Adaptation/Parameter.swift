public import TensorEngine

/// The declaration of a trainable tensor: a key into `Parameters`, never the data itself.
public struct Parameter: Sendable {
  /// Unique and stable on disk: `encoder.input/prompt`.
  public let name: String
  public let shape: Shape
  public let group: ParameterGroup
  let initializer: Initializer
}

extension Parameters {
  /// The current value of a declared parameter.
  public subscript(_ parameter: Parameter) -> Tensor { self[parameter.name] }
}
