public import NeuralNetworks

/// Ladder side-tuning (Sung et al., 2022): a narrow network beside the frozen one, which reads what
/// the backbone's blocks put out. No gradient flows through the backbone.
///
/// Beside a stack of width `d`, a side of width `w = d/reduction`: `h₀ = x W + b` of the embedded
/// input `x` `[rows, d]`, `W` `[d, w]`. After a backbone block `l` that has a side block,
/// `h ← block(g h + (1 − g)(x_l W_l + b_l))`, with `x_l` `[rows, d]` what block `l` put out and
/// `g = sigmoid(α_l / 0.1)`, `α_l` from 0. A side block is a block of the backbone's kind with as
/// many heads, every width divided: T5's with ReLU and a table of relative positions for each stack
/// (the decoder's attend to the normed output of the encoder's side), or GPT-2's, without biases in
/// its linear layers. After the last, `norm(h) W_up + b_up` `[rows, d]` takes the place of the
/// decoder's final hidden states before the frozen head.
///
/// Side blocks start as the backbone's, pruned to what is largest (`Pruning`; the authors measure
/// importance by Fisher information, which takes data), the layers between the two normal with
/// deviation 0.01 and biases zero, as in the authors' code. It does not start as the backbone.
///
/// On T5-base, with 9 side blocks a stack, 3,878,712 scalars, as published; 24 gates are among
/// them, one for every block of the backbone: those without a side block are never used.
public struct LadderSideTuning: TuningMethod {
  public static let name = "lst"
  public static let title = "LST"
  public static let reference = Citation(
    "Sung et al., LST: ladder side-tuning for parameter and memory efficient transfer learning, "
      + "2022", arXiv: "2206.06522")
  public static let formula = "a side network: h = block(g·h + (1 - g)·Down(backbone's h)), then Up"
  public static let countNote: String? =
    "on T5-base 3,878,712, as published, with a gate for every block: those without a side block"
    + " are never used"

  /// The backbone's widths over the side's; no width is divided to less than 1.
  public var reduction: Int
  /// The blocks of each stack that have a side block, counted from 0; `nil`: all but every fourth,
  /// from 0 on, as the authors choose for 12.
  public var layers: [Int]?

  public init(reduction: Int = 8, layers: [Int]? = nil) {
    self.reduction = reduction
    self.layers = layers
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-3) }

  public var issues: [String] {
    var issues = HyperparameterRange.issue("LST's reduction", reduction, atLeast: 1)
    guard let layers else { return issues }
    if layers.isEmpty { issues.append("LST's layers are empty; name one at least") }
    if let layer = layers.first(where: { $0 < 0 }) {
      issues.append("LST's layers have \(layer) among them; they count from 0")
    }
    if Set(layers).count < layers.count {
      issues.append("LST's layers \(layers) name one twice; leave it out")
    }
    return issues
  }

  public func issues(on backbone: Anatomy) -> [String] {
    guard backbone.dimensions != nil else {
      return ["LST builds blocks like the backbone's, which does not say what they are made of"]
    }
    return backbone.inputs().compactMap { input in
      let (stack, depth) = (input.path.stack, backbone.layerCount(of: input.path.stack))
      guard sideLayers(of: depth).isEmpty else { return nil }
      return "LST's layers \(layers ?? []) name none of the \(stack.rawValue)'s \(depth) blocks, "
        + "which count from 0"
    }
  }

  /// The blocks with a side block, of so many.
  func sideLayers(of depth: Int) -> [Int] {
    if let layers { return layers.filter { (0..<depth).contains($0) }.sorted() }
    return (0..<depth).filter { $0 % 4 != 0 || depth == 1 }
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let dimensions = backbone.dimensions else { return }
    let pruning = Pruning(backbone, dimensions, reduction: reduction)
    for input in backbone.inputs() {
      let layers = sideLayers(of: backbone.layerCount(of: input.path.stack))
      guard
        let side = LadderSide(
          backbone, pruning, dimensions, layers: layers, beside: input, into: &adaptation)
      else { continue }
      adaptation.beside(input, side)
    }
  }
}
