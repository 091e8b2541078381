/// Text made safe for the format it goes into.
enum Escaping {
  /// For HTML and SVG, in element content and in quoted attributes alike. Control characters that
  /// neither format may hold are left out.
  static func html(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: if isPrintable(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// For a line of Markdown or a cell of one of its tables: nothing in it is markup.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "!":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\r", "\t", "\u{2028}", "\u{2029}": result += " "
      default: if isPrintable(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// For a terminal: one line, and nothing that could move its cursor or change its colours.
  static func terminal(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": result += " "
      case "\u{80}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
        "\u{2066}"..."\u{2069}":
        continue
      default: if isPrintable(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// A comment's line: whatever could end it is a space.
  static func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }.filter { !$0.isControl })
  }

  /// Without control characters, lines kept.
  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter(isPrintable)))
  }

  /// Whether XML and HTML can hold it: everything but control characters and non-characters.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: true
    case 0..<0x20, 0x7F, 0xFFFE, 0xFFFF: false
    default: true
    }
  }
}

extension Character {
  fileprivate var isControl: Bool {
    unicodeScalars.allSatisfy { $0.value < 0x20 || $0.value == 0x7F }
  }
}
