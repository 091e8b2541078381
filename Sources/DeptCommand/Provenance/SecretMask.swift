/// Keeps secrets out of what is recorded: of anything that looks like one, only that it was there.
enum SecretMask {
  /// What stands where a secret stood.
  static let mask = "(masked)"
  /// The longest text that is recorded.
  private static let longest = 1000

  /// A command's arguments.
  static func arguments(_ arguments: [String]) -> [String] {
    var isSecretNext = false
    return arguments.map { argument in
      defer {
        isSecretNext =
          argument.hasPrefix("-") && !argument.contains("=") && isSecretName(argument)
      }
      if isSecretNext, !argument.hasPrefix("-") { return mask }
      if let equals = argument.firstIndex(of: "="), isSecretName(String(argument[..<equals])) {
        return argument[...equals] + mask
      }
      return text(argument)
    }
  }

  /// A variable's value.
  static func value(_ value: String, of name: String) -> String {
    isSecretName(name) ? mask : text(value)
  }

  /// A text without the passwords of addresses and what has the shape of an access token.
  static func text(_ text: String) -> String {
    let shapes =
      text
      .replacing(/:\/\/[^\/@\s]+@/, with: "://\(mask)@")
      .replacing(/(?i)([?&][^=&\s]*(?:token|key|secret|password|signature)[^=&\s]*=)[^&\s]+/) {
        "\($0.output.1)\(mask)"
      }
      .replacing(
        /\b(?:hf_|gh[pousr]_|github_pat_|glpat-|sk-|xox[abp]-|AKIA|eyJ)[A-Za-z0-9_\-.]{12,}/,
        with: mask)
    return shapes.count > longest ? shapes.prefix(longest) + "…" : shapes
  }

  /// Whether a variable or option of this name holds a secret.
  private static func isSecretName(_ name: String) -> Bool {
    let upper = name.uppercased()
    return ["TOKEN", "SECRET", "PASSW", "CREDENTIAL", "API_KEY", "APIKEY", "API-KEY", "PRIVATE"]
      .contains { upper.contains($0) } || upper.hasSuffix("_KEY") || upper.hasSuffix("-KEY")
  }
}
