extension LoadedBackbone {
  /// The ids of a source, as `BackboneText` finds them.
  public func sourceIDs(
    _ source: String, length: Int = .max, cutting end: Truncation = .end
  ) -> [Int] {
    text.sourceIDs(source, length: length, cutting: end)
  }

  /// The ids of a target, as `BackboneText` finds them.
  public func targetIDs(_ target: String, length: Int = .max) -> [Int] {
    text.targetIDs(target, length: length)
  }
}
