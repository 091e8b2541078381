/// Which addresses a rendered document may point at.
enum Links {
  /// `address` if it is `http`, `https`, `mailto` or relative; `nil` for anything else, such as
  /// `javascript:`, however it is spelt.
  static func safe(_ address: String) -> String? {
    let visible = address.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
    var scheme = ""
    for scalar in visible {
      switch scalar {
      case ":":
        let allowed = ["http", "https", "mailto"].contains(scheme.lowercased())
        return allowed ? address : nil
      case "/", "?", "#":
        return scheme.isEmpty && visible.starts(with: "//".unicodeScalars)
          ? nil : address
      default: scheme.unicodeScalars.append(scalar)
      }
    }
    return address
  }
}
