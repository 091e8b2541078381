import Backbones
import Datasets
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods

extension RunSpec {
  /// What is wrong with what this run starts from, in one sentence each.
  ///
  /// - Parameters:
  ///   - method: the run's method; `nil` where its description could not be read.
  ///   - sources: the methods of its sources, in their order; `nil` likewise.
  func sourceProblems(
    with method: (any TuningMethod)?, sources methods: [(any TuningMethod)?]
  ) -> [String] {
    var problems = countProblems(method)
    for source in sources {
      if source.backbone != backbone {
        problems.append(
          "\(name) runs on \(backbone) and cannot start from \(source.name), whose adapter belongs "
            + "to \(source.backbone); give both the same backbone")
      }
      if source.schedule.timing != nil {
        problems.append(
          "\(name) cannot start from \(source.name), which is only timed; leave `.timing` out there"
        )
      }
    }
    if problems.isEmpty, let method, !methods.isEmpty, methods.allSatisfy({ $0 != nil }) {
      problems += fitProblems(method, sources: methods.compactMap(\.self))
    }
    return problems
  }

  /// What of the parameters of a run and its sources does not fit together, as far as a backbone of
  /// any size tells: so a run that cannot work is known before its sources are trained.
  private func fitProblems(
    _ method: any TuningMethod, sources methods: [any TuningMethod]
  ) -> [String] {
    let anywhere = try? T5.described(
      T5Configuration(
        vocabularySize: 101, width: 16, headWidth: 6, headCount: 2, innerWidth: 20,
        encoderLayerCount: 2, decoderLayerCount: 2)
    ).anatomy
    guard let anatomy = anywhere,
      (methods + [method]).allSatisfy({ $0.issues.isEmpty && $0.issues(on: anatomy).isEmpty })
    else { return [] }
    let theirs = zip(methods, sources).map { source, spec in
      source.adaptation(of: anatomy, taskCount: max(1, spec.datasets.count)).parameters
    }
    let taskCount = max(1, datasets.count)
    guard method.sources.upperBound == 0 else {
      let values = theirs.map { parameters in
        var values = Parameters()
        for parameter in parameters { values[parameter.name] = .zeros(parameter.shape) }
        return values
      }
      return method.issues(startingFrom: values, on: anatomy, taskCount: taskCount).map {
        "\(name) cannot start from \(sources.map(\.name).joined(separator: ", ")): \($0)"
      }
    }
    let ours = method.adaptation(of: anatomy, taskCount: taskCount).parameters
    guard let difference = Self.difference(between: theirs[0], and: ours) else { return [] }
    return [
      "\(name) starts from the values of \(sources[0].name), and \(difference); give both "
        + "the same parameters, or take a method that asks for sources"
    ]
  }

  private func countProblems(_ method: (any TuningMethod)?) -> [String] {
    guard let range = method?.sources else { return [] }
    if range.upperBound == 0 {
      return sources.count <= 1
        ? []
        : [
          "\(name) starts from the values of one run, and \(sources.count) are given; leave one in "
            + "`.after`, or take a method that asks for several"
        ]
    }
    guard !range.contains(sources.count) else { return [] }
    let wanted =
      range.lowerBound == range.upperBound
      ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    return [
      "\(name) needs the adapters of \(wanted) run\(wanted == "1" ? "" : "s") to start from, and "
        + (sources.isEmpty ? "none is given" : "\(sources.count) are given")
        + "; list them in `.after(Run(…))`"
    ]
  }

  /// In which parameter a source and a run differ: name or shape; `nil` where in none.
  private static func difference(between theirs: [Parameter], and ours: [Parameter]) -> String? {
    let shapes = Dictionary(theirs.map { ($0.name, $0.shape) }) { first, _ in first }
    for parameter in ours {
      guard let shape = shapes[parameter.name] else {
        return "'\(parameter.name)' is missing there"
      }
      if shape != parameter.shape { return "'\(parameter.name)' differs in size there" }
    }
    let own = Set(ours.map(\.name))
    return theirs.first { !own.contains($0.name) }.map { "'\($0.name)' is surplus there" }
  }
}
