/// The name of the folder of an experiment, which may be called anything where it was imported:
/// whatever its name is, the folder lies inside the one that is meant.
enum FolderName {
  /// The name itself; `/` as `%2F`, a point at its beginning as `%2E`.
  static func of(_ experiment: String) -> String {
    var name = ""
    for scalar in experiment.unicodeScalars {
      switch scalar {
      case "/": name += "%2F"
      case "\\": name += "%5C"
      case "\0": name += "%00"
      case "." where name.isEmpty: name += "%2E"
      default: name.unicodeScalars.append(scalar)
      }
    }
    return name.isEmpty ? "%" : name
  }
}
