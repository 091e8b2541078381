import Checkpoints
import NeuralNetworks
import TensorEngine
import TuningMethods

/// (IA)³ as PEFT writes it: `ia3_l` of each module, `[out, 1]`, or `[1, in]` where inputs of the
/// feed-forward sublayer's last layer are scaled.
enum IA3Interchange {
  private static let ending = "ia3_l"

  /// The vectors of several sites as a folder; parts of a module that are not scaled get ones.
  static func folder(_ method: IA3, _ parameters: Parameters, _ model: HuggingFaceModel)
    throws(InterchangeError) -> (kind: PEFTKind, tensors: [PEFTFolder.Tensor])
  {
    var scaling = PEFTScaling(modules: nil, feedForwardModules: nil)
    var tensors: [PEFTFolder.Tensor] = []
    var (all, feedForward): (Set<String>, Set<String>) = ([], [])
    let downs = method.scalesFeedForward ? model.anatomy.linears(.parts(.down)) : []
    for site in model.anatomy.linears(method.targets) + downs {
      guard site.path.part != .head, let module = model.module(of: site.path) else {
        throw .unwritable(
          method: IA3.name, reason: "it acts on the output head, whose weight PEFT leaves tied")
      }
      guard all.insert(module.name).inserted else { continue }
      if module.isInputFirst { scaling.isFanInFanOut = true }
      let isInput = downs.contains(site)
      if isInput { feedForward.insert(module.name) }
      var values: [Float] = []
      for part in model.sites(ofModule: module.name) {
        let width = isInput ? part.input : part.output
        values +=
          parameters.tensor(named: "\(part.path)/ia3")?.scalars
          ?? Array(repeating: 1, count: width)
      }
      tensors.append(
        PEFTFolder.Tensor(
          name: PEFTTensorName(module: module.name, ending).text,
          shape: isInput ? [1, values.count] : [values.count, 1], values: values))
    }
    scaling.modules = .named(model.shortNames(all))
    scaling.feedForwardModules = .named(model.shortNames(feedForward))
    return (.ia3(scaling), tensors)
  }

  /// The vectors of a folder as a method with its parameters; sites that the folder leaves out and
  /// the method does not get ones.
  static func adapter(_ tensors: [PEFTFolder.Tensor], _ source: PEFTSource) throws
    -> (method: any TuningMethod, parameters: [AdapterFile.Parameter])
  {
    var (outputs, inputs): ([SitePath: [Float]], [SitePath: [Float]]) = ([:], [:])
    for module in try source.modules(tensors, endings: [ending]).keys.sorted() {
      let sites = try source.sites(ofModule: module)
      let scale = try source.matrix(.init(module: module, ending), tensors)
      let output = sites.reduce(0) { $0 + $1.output }
      if scale.shape == [output, 1], sites[0].path.part != .down {
        var first = 0
        for site in sites {
          let own = Array(scale.values[first..<first + site.output])
          first += site.output
          // Ones are what a part of a fused module has that is not scaled.
          if sites.count == 1 || own.contains(where: { $0 != 1 }) { outputs[site.path] = own }
        }
      } else if scale.shape == [1, sites[0].input], sites[0].path.part == .down {
        inputs[sites[0].path] = scale.values
      } else {
        throw InterchangeError.unreadable(
          path: source.path,
          reason: "'\(module).\(ending)' has shape \(scale.shape), where outputs of layers are"
            + " scaled, and inputs of the last one of a feed-forward sublayer")
      }
    }
    let standard = IA3.keysAndValues
    let targets =
      outputs.isEmpty || outputs.keys.allSatisfy { standard.matches($0) }
      ? standard : source.selector(Set(outputs.keys))
    let method = IA3(targets: targets, scalesFeedForward: !inputs.isEmpty)
    var parameters: [AdapterFile.Parameter] = []
    func add(_ site: Site<Call>, _ width: Int, _ values: [Float]?) {
      parameters.append(
        .init(
          name: "\(site.path)/ia3", shape: [width],
          values: values ?? Array(repeating: 1, count: width)))
    }
    let anatomy = source.model.anatomy
    for site in anatomy.linears(targets) { add(site, site.output, outputs[site.path]) }
    guard !inputs.isEmpty else { return (method, parameters) }
    for site in anatomy.linears(.parts(.down)) { add(site, site.input, inputs[site.path]) }
    return (method, parameters)
  }
}
