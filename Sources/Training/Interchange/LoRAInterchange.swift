import Checkpoints
import NeuralNetworks
import TensorEngine
import TuningMethods

/// LoRA as PEFT writes it: `lora_A` `[r, in]` and `lora_B` `[out, r]` of each module, where files
/// here have `lora.a` `[in, r]` and `lora.b` `[r, out]` of each site.
enum LoRAInterchange {
  private static let endings = ["lora_A.weight", "lora_B.weight"]

  /// The pairs of several sites as a folder.
  ///
  /// Pairs of queries, keys and values that are one module in the model become one pair of as many
  /// times the rank, its B zero outside of blocks; where they share A, one of the same rank.
  static func folder(_ method: LoRA, _ parameters: Parameters, _ model: HuggingFaceModel)
    throws(InterchangeError) -> (kind: PEFTKind, tensors: [PEFTFolder.Tensor])
  {
    let scale = Double(method.alpha) / Double(method.rank)
    var lora = PEFTLoRA(
      rank: method.rank, alpha: Double(method.alpha), modules: nil,
      dropout: Double(method.dropout))
    var tensors: [PEFTFolder.Tensor] = []
    var names: Set<String> = []
    for site in model.anatomy.linears(method.targets) {
      guard site.path.part != .head, let module = model.module(of: site.path) else {
        throw .unwritable(
          method: LoRA.name, reason: "it acts on the output head, whose weight PEFT leaves tied")
      }
      guard names.insert(module.name).inserted else { continue }
      let (a, b) = pair(of: module.name, parameters, model)
      tensors.append(tensor(PEFTTensorName(module: module.name, endings[0]), a))
      tensors.append(tensor(PEFTTensorName(module: module.name, endings[1]), b))
      if a.rows != method.rank {
        lora.rankPattern.append(.init(module: module.name, number: Double(a.rows)))
        lora.alphaPattern.append(.init(module: module.name, number: scale * Double(a.rows)))
      }
      if module.isInputFirst { lora.isFanInFanOut = true }
    }
    // Where all modules have one rank, it is the rank.
    if let first = lora.rankPattern.first, lora.rankPattern.count == names.count,
      lora.rankPattern.allSatisfy({ $0.number == first.number })
    {
      (lora.rank, lora.alpha) = (Int(first.number), scale * first.number)
      (lora.rankPattern, lora.alphaPattern) = ([], [])
    }
    lora.modules = .named(model.shortNames(names))
    return (.lora(lora), tensors)
  }

  private static func tensor(_ name: PEFTTensorName, _ matrix: Matrix) -> PEFTFolder.Tensor {
    PEFTFolder.Tensor(name: name.text, shape: matrix.shape, values: matrix.values)
  }

  /// `lora_A` and `lora_B` of a module.
  private static func pair(
    of module: String, _ parameters: Parameters, _ model: HuggingFaceModel
  ) -> (a: Matrix, b: Matrix) {
    let sites = model.sites(ofModule: module)
    let parts = sites.enumerated().compactMap { index, site -> (Int, Matrix, Matrix)? in
      guard let a = parameters.tensor(named: "\(site.path)/lora.a"),
        let b = parameters.tensor(named: "\(site.path)/lora.b")
      else { return nil }
      return (index, Matrix(a).transposed, Matrix(b).transposed)
    }
    guard let (_, first, _) = parts.first else { return (Matrix(zeros: 0, 0), Matrix(zeros: 0, 0)) }
    let isShared = parts.allSatisfy { $0.1 == first }
    let blocks = isShared ? 1 : parts.count
    let width = sites[0].output
    var a = Matrix(zeros: blocks * first.rows, first.columns)
    var b = Matrix(zeros: sites.count * width, blocks * first.rows)
    for (block, part) in parts.enumerated() {
      let start = isShared ? 0 : block * first.rows
      a.place(part.1, atRow: start, column: 0)
      b.place(part.2, atRow: part.0 * width, column: start)
    }
    return (a, b)
  }
}

extension LoRAInterchange {
  /// The pairs of a folder as a method with its parameters.
  ///
  /// Sites that the folder leaves out and the method's selector does not get zeros; smaller ranks
  /// are filled up with zeros; other scales than the first are multiplied into B.
  static func adapter(_ lora: PEFTLoRA, _ tensors: [PEFTFolder.Tensor], _ source: PEFTSource)
    throws -> (method: any TuningMethod, parameters: [AdapterFile.Parameter])
  {
    let modules = try source.modules(tensors, endings: endings)
    var pairs: [SitePath: (a: Matrix, b: Matrix, scale: Double)] = [:]
    for module in modules.keys.sorted() {
      let sites = try source.sites(ofModule: module)
      let input = sites[0].input
      let output = sites.reduce(0) { $0 + $1.output }
      let a = try source.matrix(.init(module: module, endings[0]), tensors)
      let b = try source.matrix(.init(module: module, endings[1]), tensors)
      guard a.columns == input, b.rows == output, a.rows == b.columns, a.rows > 0 else {
        throw InterchangeError.unreadable(
          path: source.path,
          reason: "the pair of '\(module)' has shapes \(a.shape) and \(b.shape) where [r, \(input)]"
            + " and [\(output), r] are needed")
      }
      let scale = lora.scale(of: module, rank: a.rows)
      var first = 0
      for site in sites {
        pairs[site.path] = (a, b.rows(first..<first + site.output), scale)
        first += site.output
      }
    }
    let targets = source.selector(Set(pairs.keys))
    let rank = pairs.values.map(\.a.rows).max() ?? lora.rank
    // The first scale that is not zero, so that others can be told by it.
    let scale = pairs.sorted { $0.key < $1.key }.map(\.value.scale).first { $0 != 0 } ?? 1
    let method = LoRA(
      rank: rank, alpha: Float(scale * Double(rank)), dropout: Float(lora.dropout),
      targets: targets)
    var parameters: [AdapterFile.Parameter] = []
    for site in source.model.anatomy.linears(targets) {
      var (a, b) = (Matrix(zeros: site.input, rank), Matrix(zeros: rank, site.output))
      if let pair = pairs[site.path] {
        a.place(pair.a.transposed, atRow: 0, column: 0)
        b.place(
          pair.b.transposed.scaled(by: Float(pair.scale / scale)), atRow: 0, column: 0)
      }
      for (name, matrix) in [("lora.a", a), ("lora.b", b)] {
        parameters.append(
          .init(name: "\(site.path)/\(name)", shape: matrix.shape, values: matrix.values))
      }
    }
    return (method, parameters)
  }
}
