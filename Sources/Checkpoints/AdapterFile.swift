import Foundation

/// The trained parameters of one run, and what they belong to, as one safetensors file.
///
/// Each tensor is named `<site path>/<parameter>`, such as `encoder.input/prompt`.
public struct AdapterFile: Hashable, Sendable {
  /// One tensor of a site.
  public struct Parameter: Hashable, Sendable {
    /// `<site path>/<parameter>`.
    public var name: String
    public var shape: [Int]
    /// Its numbers in row-major order.
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }

    /// The path of the site in the backbone, such as `encoder.input`.
    public var site: String { name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "" }
    /// The name of the parameter at its site, such as `prompt`.
    public var parameter: String {
      name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
    }
  }

  /// The file's name in the directory of a run.
  public static let fileName = "adapter.safetensors"

  /// The name of the method that has these parameters; nil where another program wrote the file.
  public var method: String?
  /// The method's hyperparameters, a JSON object.
  public var hyperparameters: String?
  /// The name of the backbone that they were trained for.
  public var backbone: String?
  /// The names of a multi-task run's tasks, in their order; empty where it was trained on one.
  public var tasks: [String]
  /// How the sources it was trained on were read, in JSON; `nil` where the file does not say.
  public var reading: String?
  /// The parameters, sorted by name after reading.
  public var parameters: [Parameter]

  public init(
    method: String?, hyperparameters: String?, backbone: String?, tasks: [String] = [],
    parameters: [Parameter]
  ) {
    self.method = method
    self.hyperparameters = hyperparameters
    self.backbone = backbone
    self.tasks = tasks
    self.parameters = parameters
  }
}

extension AdapterFile {
  private enum Key {
    static let method = "dept.method"
    static let hyperparameters = "dept.hyperparameters"
    static let backbone = "dept.backbone"
    static let tasks = "dept.tasks"
    static let reading = "dept.reading"
  }

  /// Reads a file, or `adapter.safetensors` of a directory.
  public init(path: String) throws(CheckpointError) {
    let path = Self.resolved(path)
    let file = try SafetensorsFile(path: path)
    method = file.metadata[Key.method]
    hyperparameters = file.metadata[Key.hyperparameters]
    backbone = file.metadata[Key.backbone]
    reading = file.metadata[Key.reading]
    let names = file.metadata[Key.tasks].map { Data($0.utf8) }
    tasks = names.flatMap { try? JSONDecoder().decode([String].self, from: $0) } ?? []
    parameters = []
    for name in file.names.sorted() {
      guard Self.isParameterName(name) else {
        throw .malformedTensor(
          path: path, tensor: name,
          reason: "is not named <site path>/<parameter>, as in 'encoder.input/prompt'")
      }
      let shape = try file.entry(named: name).shape
      parameters.append(
        Parameter(name: name, shape: shape, values: try file.floats(named: name)))
    }
  }

  /// Writes the file, whole or not at all.
  public func write(to path: String) throws(CheckpointError) {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    writer.metadata[Key.method] = method
    writer.metadata[Key.hyperparameters] = hyperparameters
    writer.metadata[Key.backbone] = backbone
    writer.metadata[Key.reading] = reading
    if !tasks.isEmpty, let names = try? JSONEncoder().encode(tasks) {
      writer.metadata[Key.tasks] = String(decoding: names, as: UTF8.self)
    }
    for parameter in parameters {
      guard Self.isParameterName(parameter.name) else {
        throw .unwritableTensor(
          tensor: parameter.name,
          reason: "it is not named <site path>/<parameter>, as in 'encoder.input/prompt'")
      }
      try writer.add(parameter.name, shape: parameter.shape, floats: parameter.values)
    }
    try writer.write(to: path)
  }

  /// The values of a parameter that must have a shape, or an error that offers the nearest names.
  ///
  /// - Parameter path: the file that the error names.
  public func values(named name: String, shape: [Int], path: String) throws(CheckpointError)
    -> [Float]
  {
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      throw .missingTensor(
        path: path, tensor: name, nearest: nearestNames(to: name, among: parameters.map(\.name)))
    }
    guard parameter.shape == shape else {
      throw .wrongShape(path: path, tensor: name, expected: shape, found: parameter.shape)
    }
    return parameter.values
  }

  /// The file that `path` means: itself, or `adapter.safetensors` of a directory.
  public static func resolved(_ path: String) -> String {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    return exists && isDirectory.boolValue ? "\(path)/\(fileName)" : path
  }

  private static func isParameterName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count > 1 && parts.allSatisfy { !$0.isEmpty }
  }
}
