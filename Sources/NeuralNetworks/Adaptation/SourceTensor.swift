public import TensorEngine

/// A tensor of another run's adapter that a parameter starts from.
public struct SourceTensor: Hashable, Sendable {
  /// Which of the adapters that the run starts from; counts from 0.
  public let index: Int
  /// The name there: `encoder.input/prompt`.
  public let name: String
  /// Whether a run that is given no such adapter starts by itself.
  public let isOptional: Bool
  /// Whether the mean of all rows is read, however many there are.
  public let isAveraged: Bool

  public init(_ index: Int, _ name: String, isOptional: Bool = false, isAveraged: Bool = false) {
    self.index = index
    self.name = name
    self.isOptional = isOptional
    self.isAveraged = isAveraged
  }

  /// Why a parameter cannot start from `sources`, in one sentence; `nil` where it can.
  func issue(_ parameter: String, _ shape: Shape, _ sources: [Parameters]) -> String? {
    let place = "source \(index + 1)"
    guard index < sources.count else {
      guard !isOptional else { return nil }
      let given = sources.isEmpty ? "none" : "\(sources.count)"
      return "'\(parameter)' starts from the adapter of \(place), and \(given) of them can be had; "
        + "name one more"
    }
    guard let tensor = sources[index].tensor(named: name) else {
      let held = sources[index].names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
      return "'\(parameter)' starts from '\(name)' \(shape) of \(place), which has "
        + "\(held.isEmpty ? "nothing" : held); give it a run that trains such a tensor"
    }
    if let part = partner(in: sources[index]) {
      return "'\(parameter)' starts from the prompt of \(place), whose method puts another one "
        + "before a text, made of it and '\(part)'; give it a run of prompt tuning"
    }
    let fits = isAveraged ? tensor.shape.dropFirst() == shape.dropFirst() : tensor.shape == shape
    guard !fits else { return nil }
    return "'\(parameter)' is \(shape), and '\(name)' of \(place) is \(tensor.shape); give both "
      + "runs the same lengths and backbone"
  }
}

extension SourceTensor {
  /// What an adapter makes its prompts of besides the tensor of this name, where that is a prompt
  /// and whoever reads it takes it for all that was put before a text.
  private func partner(in source: Parameters) -> String? {
    guard name.hasSuffix("/prompt"), !isOptional else { return nil }
    let site = name.dropLast("prompt".count)
    return ["task.row", "attention.down"].map { site + $0 }
      .first { source.tensor(named: $0) != nil }
  }
}

extension Parameter {
  /// Where it starts from another run's adapter, which tensor; `nil` elsewhere.
  public var source: SourceTensor? { initializer.source }
}

extension Adaptation {
  /// Adapters drawn at random with what these parameters have to start from: for laws and times,
  /// where no run was before.
  public func randomSources(key: RandomKey) -> [Parameters] {
    var sources: [Parameters] = []
    for parameter in parameters {
      guard let source = parameter.source, !source.isOptional else { continue }
      while sources.count <= source.index { sources.append(Parameters()) }
      sources[source.index][source.name] = .normal(
        parameter.shape, deviation: 1, key: key.folding(source.index).folding(source.name))
    }
    return sources
  }

  /// What makes it impossible to start from the adapters `sources`, one sentence each: a missing
  /// adapter, one without the tensor that is wanted or with another shape, one too many. What reads
  /// all of `Initializer.Context.sources` at will has no issue.
  public func issues(startingFrom sources: [Parameters]) -> [String] {
    let read = parameters.compactMap { parameter in
      parameter.source.map { (parameter: parameter, source: $0) }
    }
    let wanted = (read.map(\.source.index).max() ?? -1) + 1
    // Where no parameter says what it reads, the method's own range of numbers is what counts.
    let surplus =
      wanted > 0 && sources.count > wanted
      ? [
        "\(sources.count) adapters are given to start from, and \(wanted) are read; leave out the"
          + " others"
      ]
      : []
    return surplus
      + read.compactMap { parameter, source in
        source.issue(parameter.name, parameter.shape, sources)
      }
  }
}
