import Experiments

/// How tables call a tuning method, and which of its hyperparameters they print.
struct MethodTitle: Sendable {
  var title: String
  /// Swift property names that may carry a shown value, and its symbol.
  var shown: [(properties: [String], symbol: String)] = []

  private static let prompt = (properties: ["promptLength", "length"], symbol: "l")
  private static let rank = (properties: ["rank"], symbol: "r")
  private static let bottleneck = (properties: ["bottleneck", "width"], symbol: "b")

  private static let catalogue: [String: MethodTitle] = [
    "ft": MethodTitle(title: "Full fine-tuning"),
    "bitfit": MethodTitle(title: "BitFit"),
    "adapter": MethodTitle(title: "Adapter", shown: [bottleneck]),
    "adapter-pfeiffer": MethodTitle(title: "Adapter (Pfeiffer)", shown: [bottleneck]),
    "adapterdrop": MethodTitle(title: "AdapterDrop", shown: [bottleneck]),
    "lora": MethodTitle(title: "LoRA", shown: [rank]),
    "lora-bitfit": MethodTitle(title: "LoRA + BitFit", shown: [rank]),
    "ia3": MethodTitle(title: "(IA)³"),
    "lst": MethodTitle(title: "LST"),
    "hyperformer": MethodTitle(title: "HyperFormer"),
    "hyperdecoder": MethodTitle(title: "HyperDecoder"),
    "prefix": MethodTitle(title: "Prefix tuning", shown: [prompt]),
    "p-tuning": MethodTitle(title: "P-tuning", shown: [prompt]),
    "pt": MethodTitle(title: "Prompt tuning", shown: [prompt]),
    "spot": MethodTitle(title: "SPoT", shown: [prompt]),
    "attempt": MethodTitle(title: "ATTEMPT", shown: [prompt]),
    "mpt": MethodTitle(title: "MPT", shown: [prompt]),
    "dept": MethodTitle(
      title: "DePT", shown: [(properties: ["promptLength", "length"], symbol: "m"), rank]),
    "adept": MethodTitle(
      title: "ADePT", shown: [(properties: ["promptLength", "length"], symbol: "m"), rank]),
  ]

  /// The entry of a catalogue name; the name itself where it is not known.
  static func named(_ name: String) -> MethodTitle { catalogue[name] ?? MethodTitle(title: name) }
}

/// Titles of several methods, told apart.
enum MethodTitles {
  /// A title for every method among `coordinates`. Those that would share one get what differs.
  static func labels(_ coordinates: [Coordinate]) -> [Coordinate: String] {
    var sharing: [String: [MethodDescription]] = [:]
    for case .method(let method) in coordinates {
      sharing[title(of: method, adding: []), default: []].append(method)
    }
    var labels: [Coordinate: String] = [:]
    for coordinate in coordinates {
      guard case .method(let method) = coordinate else {
        labels[coordinate] = coordinate.label
        continue
      }
      let others = sharing[title(of: method, adding: [])] ?? []
      labels[coordinate] = title(of: method, adding: differences(among: others))
    }
    return labels
  }

  /// Hyperparameters, sorted, in which methods of one title differ.
  private static func differences(among methods: [MethodDescription]) -> [String] {
    guard methods.count > 1 else { return [] }
    let names = Set(methods.flatMap(\.hyperparameters.keys)).sorted()
    return names.filter { name in Set(methods.map { $0.hyperparameters[name] }).count > 1 }
  }

  private static func title(of method: MethodDescription, adding extra: [String]) -> String {
    let members = members(of: method)
    guard members.isEmpty else {
      return members.map { title(of: $0, adding: []) }.joined(separator: " + ")
    }
    let entry = MethodTitle.named(method.name)
    let shown = entry.shown.compactMap { properties, symbol in
      properties.lazy.compactMap { method.hyperparameters[$0] }.first
        .map { "\(symbol)=\($0.compactText)" }
    }
    let added = extra.compactMap { name in
      method.hyperparameters[name].map { "\(name)=\($0.compactText)" }
    }
    let parts = shown + added
    return parts.isEmpty ? entry.title : "\(entry.title) (\(parts.joined(separator: ", ")))"
  }

  /// The methods that a stack combines; none of any other.
  private static func members(of method: MethodDescription) -> [MethodDescription] {
    guard method.name == "stacked", case .array(let list)? = method.hyperparameters["methods"]
    else { return [] }
    return list.compactMap { member in
      guard case .object(let fields) = member, case .string(let name)? = fields["name"],
        case .object(let hyperparameters)? = fields["hyperparameters"]
      else { return nil }
      return MethodDescription(name: name, hyperparameters: hyperparameters)
    }
  }
}
