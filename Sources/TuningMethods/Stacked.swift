public import NeuralNetworks

/// Several methods on one backbone: DePT is orthogonal to adapters and LoRA (arXiv 2309.05173, §1).
///
/// Where two act at one place, the later is outermost; where two would train one tensor or replace
/// one weight, `Adaptation.conflicts` says which. The first method's prompt learns at the main
/// rate; parameters of later methods learn at the low-rank rate where their own default differs
/// from the first's.
///
/// ```swift
/// Stacked(DePT(promptLength: 40, rank: 45), LoRA(rank: 8))
/// ```
public struct Stacked: TuningMethod {
  public static let name = "stacked"
  public static let title = "Stacked"
  public static let reference = Citation(
    "Shi and Lipani, DePT: decomposed prompt tuning, 2024", arXiv: "2309.05173")
  public static let formula = "each method in turn, the later outermost"

  /// The methods, in order.
  public private(set) var methods: [any TuningMethod]

  public init(_ methods: any TuningMethod...) { self.methods = methods }
  public init(_ methods: [any TuningMethod]) { self.methods = methods }

  public var defaultLearningRates: LearningRates {
    guard let first = methods.first?.defaultLearningRates else { return LearningRates(3e-4) }
    let other = methods.lazy.map(\.defaultLearningRates.main).first { $0 != first.main }
    return LearningRates(first.main, lowRank: first.lowRank ?? other)
  }

  public var longestSource: Int? { methods.compactMap(\.longestSource).min() }

  public var sources: ClosedRange<Int> {
    methods.map(\.sources).reduce(0...0) {
      max($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
    }
  }

  public var issues: [String] {
    methods.count < 2
      ? ["a stack of \(methods.count) methods; give it at least two"]
      : methods.flatMap(\.issues)
  }

  public func issues(on backbone: Anatomy) -> [String] {
    methods.flatMap { $0.issues(on: backbone) }
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    let main = methods.first?.defaultLearningRates.main
    for method in methods {
      let isApart = method.defaultLearningRates.main != main
      adaptation.grouping(isApart ? .lowRank : nil) { method.adapt(backbone, into: &$0) }
    }
  }
}

extension Stacked {
  public static func == (a: Stacked, b: Stacked) -> Bool {
    a.methods.map { AnyHashable($0) } == b.methods.map { AnyHashable($0) }
  }

  public func hash(into hasher: inout Hasher) {
    for method in methods { hasher.combine(AnyHashable(method)) }
  }

  private enum CodingKeys: String, CodingKey { case methods }
  private enum MemberKeys: String, CodingKey { case name, hyperparameters }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var list = container.nestedUnkeyedContainer(forKey: .methods)
    for method in methods {
      var member = list.nestedContainer(keyedBy: MemberKeys.self)
      try member.encode(type(of: method).name, forKey: .name)
      try member.encode(method, forKey: .hyperparameters)
    }
  }

  /// Reads methods of the catalogue.
  ///
  /// - Throws: `DecodingError` for a name that the catalogue does not have, and what the methods
  ///   throw.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var list = try container.nestedUnkeyedContainer(forKey: .methods)
    var methods: [any TuningMethod] = []
    func read<Method: TuningMethod>(
      like _: Method, _ member: KeyedDecodingContainer<MemberKeys>
    ) throws -> any TuningMethod {
      try member.decode(Method.self, forKey: .hyperparameters)
    }
    while !list.isAtEnd {
      let member = try list.nestedContainer(keyedBy: MemberKeys.self)
      let name = try member.decode(String.self, forKey: .name)
      guard let prototype = MethodCatalogue.method(named: name) else {
        throw DecodingError.dataCorruptedError(
          forKey: .name, in: member, debugDescription: "the catalogue has no method '\(name)'")
      }
      methods.append(try read(like: prototype, member))
    }
    self.methods = methods
  }
}
