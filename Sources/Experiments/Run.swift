public import Backbones
public import Datasets
import Training
public import TuningMethods

// Named like a type because an experiment reads as a list of things: `Run(…)`, `Note(…)`.
// swift-format-ignore: AlwaysUseLowerCamelCase
/// One run of a method on a data set with a backbone, to be refined by modifiers.
///
/// The learning rates start as the method's own, the lengths of source and target as the data
/// set's, everything else as `TrainingSchedule` has it; the seed is 1.
///
/// - Parameters:
///   - method: a method of the catalogue, or one declared in the experiment's file.
///   - dataset: a data set's name, such as `.sst2`, or the path of a JSON Lines file.
///   - backbone: a backbone's name, such as `.nano`, or a directory in Hugging Face layout.
public func Run(
  _ method: some TuningMethod, on dataset: DatasetID, with backbone: BackboneID,
  file: String = #filePath, line: Int = #line
) -> Plan {
  Run(method, on: [dataset], with: backbone, file: file, line: line)
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// One run of a method on several data sets at once, the tasks of a multi-task run.
///
/// Each step has a batch of one of them, drawn as `mixing` says; they are judged one by one, and
/// the best step is the best in the mean. The lengths of source and target start as the longest of
/// the data sets.
///
/// - Parameters:
///   - method: a method of the catalogue, or one declared in the experiment's file.
///   - datasets: data sets' names or paths, each once.
///   - backbone: a backbone's name, or a directory in Hugging Face layout.
public func Run(
  _ method: some TuningMethod, on datasets: [DatasetID], with backbone: BackboneID,
  file: String = #filePath, line: Int = #line
) -> Plan {
  let location = SourceLocation(file: file, line: line)
  var schedule = TrainingSchedule()
  let rates = method.defaultLearningRates
  schedule.learningRate = rates.main
  schedule.lowRankLearningRate = rates.lowRank
  let known = datasets.map { try? DatasetCatalogue.standard.dataset($0) }
  if let longest = known.compactMap({ $0?.sourceLength }).max() { schedule.sourceLength = longest }
  if let longest = known.compactMap({ $0?.targetLength }).max() { schedule.targetLength = longest }
  var mistakes: [String] = []
  var description = MethodDescription(name: type(of: method).name, hyperparameters: [:])
  do {
    description = try MethodDescription(method)
  } catch {
    mistakes.append("\(error)")
  }
  // Of a stack it is the members that can take a name of the catalogue.
  let members = (method as? Stacked)?.methods ?? [method]
  for name in members.filter({ !MethodCatalogue.has($0) }).map({ type(of: $0).name })
  where MethodCatalogue.method(named: name) != nil {
    mistakes.append(
      "'\(name)' is a method of the catalogue; give the one that this file declares another name")
  }
  // An alias and the name are the same data set, so they are the same run.
  let spec = RunSpec(
    backbone: backbone, datasets: zip(known, datasets).map { $0?.id ?? $1 }, method: description,
    schedule: schedule, seed: 1)
  return Plan([Plan.Entry(spec: spec, method: method, location: location, mistakes: mistakes)])
}
