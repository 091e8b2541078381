/// Numbers as text, the same on every machine and in every locale.
public enum NumberFormat {
  /// Fixed decimals, halves away from zero; no sign on a printed zero: `fixed(85.04, 1) == "85.0"`.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    var power = 1.0
    for _ in 0..<max(0, decimals) { power *= 10 }
    let scaled = (abs(value) * power).rounded(.toNearestOrAwayFromZero)
    guard scaled < 1e18 else { return "\(value)" }
    let digits = Int64(scaled)
    let sign = value < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(digits)" }
    let unit = Int64(power)
    let fraction = String(digits % unit)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(digits / unit).\(zeros)\(fraction)"
  }

  /// The shortest text that reads back as the same number; small ones as `5e-4`, none as `1.0`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    if value == value.rounded(), abs(value) < 1e6 { return "\(Int(value))" }
    if abs(value) >= 0.001, abs(value) < 1e6 { return trimmed("\(value)") }
    return scientific(value)
  }

  /// Three significant digits with a unit of thousands: `76.8k`, `220M`, `1.86M`.
  public static func compact(_ count: Int) -> String {
    var value = Double(count)
    var suffix = ""
    for unit in ["k", "M", "G", "T"] where value >= 999.5 {
      value /= 1000
      suffix = unit
    }
    guard !suffix.isEmpty else { return "\(count)" }
    let decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    return trimmed(fixed(value, decimals)) + suffix
  }

  /// Thousands set apart by thin spaces: `222 903 552`.
  public static func grouped(_ count: Int) -> String {
    var parts: [Substring] = []
    var rest = Substring(String(count.magnitude))
    while rest.count > 3 {
      parts.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    parts.insert(rest, at: 0)
    return (count < 0 ? "-" : "") + parts.joined(separator: "\u{202F}")
  }

  /// Bytes in powers of 1024: `412 MiB`.
  public static func bytes(_ count: Int) -> String {
    var value = Double(count)
    var suffix = "B"
    for unit in ["KiB", "MiB", "GiB", "TiB"] where value >= 1023.5 {
      value /= 1024
      suffix = unit
    }
    return "\(fixed(value, suffix == "B" || value >= 99.95 ? 0 : 1)) \(suffix)"
  }

  /// Seconds as people say them: `0.42 s`, `12.3 s`, `4 min 05 s`, `2 h 10 min`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return fixed(seconds, 0) }
    if seconds < 9.995 { return "\(fixed(seconds, 2)) s" }
    if seconds < 59.95 { return "\(fixed(seconds, 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
    let minutes = (whole + 30) / 60
    if minutes < 48 * 60 { return "\(minutes / 60) h \(padded(minutes % 60)) min" }
    return "\(minutes / 1440) d \(minutes % 1440 / 60) h"
  }

  private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Without zeros at the end of a fraction.
  private static func trimmed(_ text: String) -> String {
    guard text.contains("."), !text.contains("e") else { return text }
    var digits = Substring(text)
    while digits.hasSuffix("0") { digits = digits.dropLast() }
    if digits.hasSuffix(".") { digits = digits.dropLast() }
    return String(digits)
  }

  private static func scientific(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let text = "\(abs(value))"
    let parts = text.split(separator: "e", omittingEmptySubsequences: false)
    var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(number[0])
    let fraction = number.count > 1 ? String(number[1]) : ""
    var digits = Substring(whole + fraction)
    exponent += whole.count - 1
    while digits.hasPrefix("0"), digits.count > 1 {
      digits = digits.dropFirst()
      exponent -= 1
    }
    while digits.hasSuffix("0"), digits.count > 1 { digits = digits.dropLast() }
    let rest = digits.dropFirst()
    return "\(value < 0 ? "-" : "")\(digits.prefix(1))\(rest.isEmpty ? "" : ".\(rest)")e\(exponent)"
  }
}
