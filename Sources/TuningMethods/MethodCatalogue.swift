/// The methods that are known by name: one line each, with the paper's hyperparameters. A method
/// declared in an experiment file needs no entry.
public enum MethodCatalogue {
  public static let all: [any TuningMethod] = [
    FullFineTuning(),
    BitFit(),
    Adapter(),
    PfeifferAdapter(),
    AdapterDrop(),
    LoRA(),
    LoRABitFit(),
    IA3(),
    HyperFormer(),
    HyperDecoder(),
    LadderSideTuning(),
    PrefixTuning(),
    PTuning(),
    PromptTuning(),
    SPoT(),
    ATTEMPT(),
    MPT(),
    DePT(),
    ADePT(),
  ]

  /// What stands for several methods of the catalogue together.
  public static let combination = Stacked()

  /// Whether the code of a method, and of all that it is made of, is the catalogue's.
  public static func has(_ candidate: any TuningMethod) -> Bool {
    if let stack = candidate as? Stacked { return stack.methods.allSatisfy(has) }
    let known = method(named: type(of: candidate).name)
    return known.map { type(of: $0) == type(of: candidate) } ?? false
  }

  /// The method of a catalogue name, with its default hyperparameters.
  public static func method(named name: String) -> (any TuningMethod)? {
    (all + [combination]).first { type(of: $0).name == name }
  }
}
