import Foundation

/// Bytes as people write them, in powers of 1000.
public enum FileSize {
  /// Such as `1.5 MB`.
  public static func text(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: "\(String(format: "%.1f", Double(bytes) / 1e3)) kB"
    case ..<1_000_000_000: "\(String(format: "%.1f", Double(bytes) / 1e6)) MB"
    default: "\(String(format: "%.2f", Double(bytes) / 1e9)) GB"
    }
  }

  /// The bytes that `20GB`, `1.5 TB`, `500M`, `2GiB` or `1000` mean; `nil` for anything else.
  public static func bytes(_ text: String) -> Int? {
    let size = /\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)(b?)\s*/.ignoresCase()
    guard let match = text.wholeMatch(of: size),
      let number = Double(match.output.1)
    else { return nil }
    let (unit, binary, letter) = (match.output.2.lowercased(), match.output.3, match.output.4)
    // `5i` and `5ib` are no units.
    guard let power = ["", "k", "m", "g", "t"].firstIndex(of: unit),
      binary.isEmpty || (power > 0 && !letter.isEmpty)
    else { return nil }
    let bytes = number * pow(binary.isEmpty ? 1000 : 1024, Double(power))
    return bytes < 9e18 ? Int(bytes) : nil
  }
}
