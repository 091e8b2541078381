public import Checkpoints
public import NeuralNetworks
public import TensorEngine

extension Parameters {
  /// Reads all that an adapter file holds, whatever method it belongs to.
  ///
  /// - Throws: `CheckpointError`.
  public init(adapterAt path: String) throws {
    var values = Parameters()
    for entry in try AdapterFile(path: path).parameters {
      values[entry.name] = Tensor(entry.values, shape: entry.shape)
    }
    self = values
  }

  /// Reads an adapter file (`<site path>/<parameter>`) for an adaptation.
  ///
  /// - Throws: `TrainingError.adapterMismatch` naming both shapes, or `CheckpointError`.
  public init(adapterAt path: String, for adaptation: Adaptation) throws {
    let file = try AdapterFile(path: path)
    let stored = Dictionary(file.parameters.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    var values = Parameters()
    let declared = adaptation.parameters
    let extra = Set(stored.keys).subtracting(declared.map(\.name)).sorted()
    guard extra.isEmpty else {
      throw TrainingError.adapterMismatch(
        path: path,
        reason: "it holds '\(extra[0])', which the method does not train; it trains "
          + declared.prefix(4).map { "'\($0.name)'" }.joined(separator: ", ")
          + (declared.count > 4 ? ", …" : ""))
    }
    for parameter in declared {
      guard let entry = stored[parameter.name] else {
        throw TrainingError.adapterMismatch(
          path: path, reason: "'\(parameter.name)' of shape \(parameter.shape) is missing")
      }
      guard entry.shape == parameter.shape else {
        throw TrainingError.adapterMismatch(
          path: path,
          reason: "'\(parameter.name)' is \(entry.shape) in the file and \(parameter.shape) in the"
            + " method")
      }
      values[parameter.name] = Tensor(entry.values, shape: parameter.shape)
    }
    self = values
  }

  /// These parameters as an adapter file, with what made them.
  ///
  /// - Parameters:
  ///   - tasks: the names of a multi-task run's tasks.
  ///   - reading: how the sources were read.
  public func adapterFile(
    method: String, hyperparameters: String, backbone: String, tasks: [String] = [],
    reading: SourceReading? = nil
  ) -> AdapterFile {
    var file = AdapterFile(
      method: method, hyperparameters: hyperparameters, backbone: backbone, tasks: tasks,
      parameters: names.map {
        AdapterFile.Parameter(name: $0, shape: self[$0].shape, values: self[$0].scalars)
      })
    file.reading = reading?.json
    return file
  }
}
