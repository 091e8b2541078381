import Training

extension RunSpec {
  /// What runs have in common that differ in nothing but their seeds, those of few-shot draws and
  /// of their sources included: equal text for equal configurations.
  ///
  /// - Throws: where the specification does not encode as JSON.
  public func configurationDescription() throws -> String {
    let seedless = mapped {
      $0.seed = 0
      $0.schedule.fewShotSeed = nil
    }
    return try Self.withoutSeed(JSONValue(encoding: seedless.normalized)).canonical
  }

  private static func withoutSeed(_ value: JSONValue) -> JSONValue {
    guard case .object(var members) = value else { return value }
    members["seed"] = nil
    if case .array(let sources)? = members["sources"] {
      members["sources"] = .array(sources.map(withoutSeed))
    }
    return .object(members)
  }
}
