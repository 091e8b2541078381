public import Backbones
public import NeuralNetworks

/// A backbone as Hugging Face's libraries see it: which of their modules each linear site is.
public struct HuggingFaceModel: Sendable {
  /// The module that a linear site is, or is a part of.
  struct Module: Hashable, Sendable {
    /// Such as `encoder.block.0.layer.0.SelfAttention.q`.
    var name: String
    /// Which part it is of a module that computes queries, keys and values at once: 0, 1 or 2.
    var third: Int?
    /// Whether its weight is stored `[in, out]`.
    var isInputFirst: Bool { name.contains(".c_") }
  }

  public let anatomy: Anatomy
  /// What `base_model_name_or_path` is.
  public let name: String
  /// The heads of every attention.
  public let headCount: Int
  private let modules: [SitePath: Module]
  /// All modules with a weight, whether methods act there or not.
  private let moduleNames: [String]

  /// - Parameters:
  ///   - checkpointNames: the checkpoint's name of every frozen tensor; a third of one ends with
  ///     `[query]`, `[key]` or `[value]`.
  ///   - name: the name or the directory of the model.
  public init(
    anatomy: Anatomy, checkpointNames: [SitePath: String], headCount: Int, name: String
  ) {
    self.anatomy = anatomy
    self.name = name
    self.headCount = headCount
    var modules: [SitePath: Module] = [:]
    for site in anatomy.linears() {
      modules[site.path] = Self.module(checkpointNames[site.path] ?? "lm_head.weight")
    }
    self.modules = modules
    moduleNames = Set(
      checkpointNames.values.filter { $0.contains(".weight") }.map { Self.module($0).name }
        + ["lm_head"]
    ).sorted()
  }

  /// - Parameter name: the name or the directory of the model.
  public init(_ architecture: Architecture, name: String) throws {
    let model = try architecture.described()
    let headCount =
      switch architecture {
      case .t5(let configuration): configuration.headCount
      case .gpt2(let configuration): configuration.headCount
      }
    self.init(
      anatomy: model.anatomy, checkpointNames: model.checkpointNames, headCount: headCount,
      name: name)
  }

  private static func module(_ weight: String) -> Module {
    let third = ["[query]", "[key]", "[value]"].firstIndex(where: weight.hasSuffix)
    let stored = weight.prefix { $0 != "[" }
    return Module(
      name: String(stored.hasSuffix(".weight") ? stored.dropLast(7) : stored), third: third)
  }

  /// PEFT's name of what the model is for.
  var taskType: String { anatomy.hasEncoder ? "SEQ_2_SEQ_LM" : "CAUSAL_LM" }

  /// The module of a linear site.
  func module(of path: SitePath) -> Module? { modules[path] }

  /// The linear sites that a module is, in the order of its parts.
  func sites(ofModule name: String) -> [Site<Call>] {
    anatomy.linears().filter { modules[$0.path]?.name == name }
      .sorted { (modules[$0.path]?.third ?? 0) < (modules[$1.path]?.third ?? 0) }
  }

  /// The shortest names that mean these modules and no other of the model: PEFT takes a name for
  /// every module that ends with it.
  func shortNames(_ targets: Set<String>) -> [String] {
    var names: Set<String> = []
    for target in targets {
      let words = target.split(separator: ".")
      // A number alone says too little to begin with.
      let starts = words.indices.reversed().filter { Int(words[$0]) == nil }
      let suffixes = starts.map { words[$0...].joined(separator: ".") }
      let unambiguous = suffixes.first { suffix in
        moduleNames.allSatisfy {
          targets.contains($0) || ($0 != suffix && !$0.hasSuffix("." + suffix))
        }
      }
      names.insert(unambiguous ?? target)
    }
    return names.sorted()
  }
}
