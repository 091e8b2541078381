import Backbones
import Datasets
import NeuralNetworks
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
    if problems.isEmpty, let method, method.sources.upperBound == 0, sources.count == 1,
      let source = methods.first ?? nil,
      let difference = Self.difference(
        between: source, tasks: sources[0].datasets.count, and: method, tasks: datasets.count)
    {
      problems.append(
        "\(name) starts from the values of \(sources[0].name), and \(difference); give both "
          + "the same parameters, or take a method that asks for sources")
    }
    return problems
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

  /// In which parameter two methods differ, as far as a backbone of any size tells: names and
  /// shapes; `nil` where none is found. So a run that cannot work is known before its source is
  /// trained.
  private static func difference(
    between source: any TuningMethod, tasks sourceTasks: Int, and method: any TuningMethod,
    tasks: Int
  ) -> String? {
    guard source.issues.isEmpty, method.issues.isEmpty else { return nil }
    let anywhere = try? T5.described(
      T5Configuration(
        vocabularySize: 101, width: 16, headWidth: 6, headCount: 2, innerWidth: 20,
        encoderLayerCount: 2, decoderLayerCount: 2)
    ).anatomy
    guard let anatomy = anywhere else { return nil }
    guard source.issues(on: anatomy).isEmpty, method.issues(on: anatomy).isEmpty else { return nil }
    let theirs = source.adaptation(of: anatomy, taskCount: sourceTasks).parameters
    let ours = method.adaptation(of: anatomy, taskCount: tasks).parameters
    let shapes = Dictionary(theirs.map { ($0.name, $0.shape) }) { first, _ in first }
    for parameter in ours {
      guard let shape = shapes[parameter.name] else {
        return "'\(parameter.name)' is missing there"
      }
      if shape != parameter.shape {
        return "'\(parameter.name)' differs in size there"
      }
    }
    let own = Set(ours.map(\.name))
    return theirs.first { !own.contains($0.name) }.map { "'\($0.name)' is surplus there" }
  }
}
