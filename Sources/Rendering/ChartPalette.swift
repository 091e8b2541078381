/// How the lines of a chart are told apart: colour, dash and marker together, never colour alone.
///
/// The colours are Okabe and Ito's, in an order that keeps neighbours apart; orange and sky blue
/// are darkened on white to a contrast of 3 : 1, and the yellow is left out.
enum ChartPalette {
  static let count = 7
  /// On a light ground, on a dark ground.
  static let colours: [(light: String, dark: String)] = [
    ("#0072b2", "#4ba3dc"), ("#d55e00", "#ff8433"), ("#009e73", "#2cc79b"),
    ("#b8578f", "#e39ac4"), ("#3d3d3d", "#d6d6d6"), ("#b07a00", "#f0b43c"),
    ("#2a87b8", "#8fd0f5"),
  ]
  private static let dashes = ["", "6 3", "1.5 3", "8 3 2 3", "12 4", "4 2 1 2 1 2"]

  /// The dash pattern of a style; an empty one is a solid line.
  static func dash(_ style: Int) -> String { dashes[(style + style / count) % dashes.count] }

  /// The marker of a style, centred on (0, 0), as the content of an SVG `path`.
  static func marker(_ style: Int) -> String {
    switch style % 6 {
    case 0: "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"
    case 1: "M-2.7-2.7h5.4v5.4h-5.4z"
    case 2: "M0-3.6L3.3 2.4H-3.3z"
    case 3: "M0-3.7L3.7 0L0 3.7L-3.7 0z"
    case 4: "M0 3.6L-3.3-2.4H3.3z"
    default: "M-3.4-1.2h2.2v-2.2h2.4v2.2h2.2v2.4h-2.2v2.2h-2.4v-2.2h-2.2z"
    }
  }
}
