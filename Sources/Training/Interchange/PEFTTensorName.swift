/// What the name of a tensor in a PEFT folder says: `base_model.model.<module>.<what>`.
struct PEFTTensorName: Hashable {
  var module: String
  /// Such as `lora_A.weight` or `ia3_l`.
  var what: String

  private static let prefix = "base_model.model."

  /// - Parameter endings: what may stand behind the module.
  init?(_ name: String, endings: [String]) {
    guard name.hasPrefix(Self.prefix),
      let what = endings.first(where: { name.hasSuffix("." + $0) }),
      name.count > Self.prefix.count + what.count
    else { return nil }
    module = String(name.dropFirst(Self.prefix.count).dropLast(what.count + 1))
    self.what = what
  }

  init(module: String, _ what: String) {
    self.module = module
    self.what = what
  }

  var text: String { "\(Self.prefix)\(module).\(what)" }
}
