/// Text made safe for LaTeX with pdflatex: ten special characters, and signs outside Latin script.
enum LaTeXEscaping {
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let command = specials[scalar] {
        result += command
      } else {
        result += sign(scalar)
      }
    }
    return result
  }

  /// LaTeX source as it is, but for signs that the input encoding does not know.
  static func source(_ text: String) -> String {
    text.unicodeScalars.map { $0 == "\n" ? "\n" : sign($0) }.joined()
  }

  private static let specials: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "_": "\\_", "%": "\\%", "&": "\\&", "#": "\\#", "$": "\\$",
    "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "''",
    "-": "-", "`": "\\textasciigrave{}",
  ]

  private static let signs: [Unicode.Scalar: String] = [
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": "\\ldots{}",
    "×": "$\\times$", "±": "$\\pm$", "−": "$-$", "·": "$\\cdot$", "↑": "$\\uparrow$",
    "↓": "$\\downarrow$", "→": "$\\to$", "†": "\\textdagger{}", "‡": "\\textdaggerdbl{}",
    "§": "\\S{}", "¶": "\\P{}", "≤": "$\\leq$", "≥": "$\\geq$", "≈": "$\\approx$",
    "²": "$^2$", "³": "$^3$", "µ": "$\\mu$", "°": "$^\\circ$", "\u{A0}": "~", "\u{202F}": "\\,",
    "\u{2009}": "\\,", "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$",
    "ε": "$\\epsilon$", "λ": "$\\lambda$", "μ": "$\\mu$", "π": "$\\pi$", "ρ": "$\\rho$",
    "σ": "$\\sigma$", "τ": "$\\tau$", "Δ": "$\\Delta$", "Σ": "$\\Sigma$", "∞": "$\\infty$",
  ]

  /// Known signs by command, Latin letters as they are, control characters not at all, and the
  /// rest by number, so that a file always compiles.
  private static func sign(_ scalar: Unicode.Scalar) -> String {
    if let command = signs[scalar] { return command }
    switch scalar.value {
    case 0x0A, 0x0D, 0x09: return " "
    case 0x20..<0x7F, 0xC0...0x17F: return String(scalar)
    case 0..<0xA0: return ""
    default: return "[U+\(String(scalar.value, radix: 16, uppercase: true))]"
    }
  }
}
