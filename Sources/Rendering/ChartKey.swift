import Documents

/// The sample of a line that a legend shows.
enum ChartKey {
  /// Line and marker in a box of 34 by 12.
  static func sample(_ style: Int) -> String {
    let dash = ChartPalette.dash(style)
    let dashed = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    let place = style % ChartPalette.count
    return "<path class=\"line s\(place)\"\(dashed) d=\"M1 6H33\"/>"
      + "<path class=\"mark f\(place)\" transform=\"translate(17 6)\""
      + " d=\"\(ChartPalette.marker(style))\"/>"
  }
}
