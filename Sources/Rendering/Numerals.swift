import Documents

/// Numbers and names as several renderers need them.
enum Numerals {
  /// With a typographic minus.
  static func minus(_ text: String) -> String {
    text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
  }
}

/// Names that are unique within one document, by counting.
struct UniqueNames {
  private var taken: Set<String> = []

  /// `name` in lower-case letters, digits and hyphens; with a number if it is taken.
  mutating func name(_ name: String) -> String {
    let kept = name.lowercased().unicodeScalars.map { scalar -> Character in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    let stem = kept.isEmpty ? "item" : String(kept)
    var candidate = stem
    var count = 1
    while !taken.insert(candidate).inserted {
      count += 1
      candidate = "\(stem)-\(count)"
    }
    return candidate
  }
}
