import Documents

/// How wide text is on a terminal.
enum TerminalText {
  /// Columns: two for East Asian wide characters and emoji, one for the rest.
  static func width(_ text: String) -> Int {
    text.reduce(0) { total, character in
      guard let scalar = character.unicodeScalars.first else { return total }
      if scalar.properties.generalCategory == .nonspacingMark { return total }
      return total + (isWide(scalar) ? 2 : 1)
    }
  }

  /// `text` with spaces about it.
  static func padded(
    _ text: String, to width: Int, _ alignment: TableColumn.Alignment
  ) -> String {
    let room = max(0, width - self.width(text))
    let before: Int
    switch alignment {
    case .leading: before = 0
    case .center: before = room / 2
    case .trailing: before = room
    }
    return String(repeating: " ", count: before) + text
      + String(repeating: " ", count: room - before)
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
