import Experiments

extension RunEnvironment {
  /// What was computed, as far as files decide it.
  var codeFields: [(String, String)] {
    var fields = [
      ("version", version), ("engine", engine > 0 ? "\(engine)" : ""),
      ("commit", tree?.commit ?? ""), ("patch", tree?.patch ?? ""),
      ("changed files", tree?.changedFiles?.joined(separator: ", ") ?? ""),
      ("experiment's file", source ?? ""),
    ]
    for (name, hash) in (tree?.untracked ?? [:]).sorted(by: { $0.key < $1.key }) {
      fields.append(("untracked \(name)", hash))
    }
    fields += [
      ("program", program ?? ""), ("compiled experiment", script ?? ""),
      ("library of experiments", scriptLibrary ?? ""),
    ]
    return fields.filter { !$0.1.isEmpty }
  }

  /// What it was computed on and with.
  var machineFields: [(String, String)] {
    var fields = [
      ("host", host), ("system", system), ("kernel", kernel), ("processor", processor),
      ("products", products), ("cores", cores > 0 ? "\(cores)" : ""),
      ("threads", threads > 0 ? "\(threads)" : ""), ("compiler", compiler ?? ""),
    ].filter { !$0.1.isEmpty }
    fields += libraries.sorted { $0.key < $1.key }
    fields += variables.sorted { $0.key < $1.key }
    return fields
  }

  /// How it was asked for.
  var commandFields: [(String, String)] {
    [("command", command.joined(separator: " ")), ("folder", folder)].filter { !$0.1.isEmpty }
  }
}

extension RunProvenance {
  /// What is known of a run whose environment was not recorded.
  var codeFields: [(String, String)] {
    [("version", version), ("commit", commit)].filter { !$0.1.isEmpty }
  }
}
