import Foundation

/// The SHA-256 of every file that was ever fetched, by its address: what is fetched later has to be
/// the same.
///
/// As text it is JSON with one line a file, sorted by address, so that a change of one file is a
/// change of one line.
public struct DataLock: Hashable, Sendable {
  /// What is known of one file.
  public struct Entry: Hashable, Sendable, Codable {
    /// Its size.
    public var bytes: Int
    /// Lower-case hexadecimal.
    public var sha256: String

    public init(bytes: Int, sha256: String) {
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// By address.
  public var files: [String: Entry]

  static let format = 1

  public init(files: [String: Entry] = [:]) { self.files = files }

  /// The lock as text.
  public var text: String {
    let lines = files.sorted { $0.key < $1.key }.map { url, entry in
      "    \(DataLock.quoted(url)): {\"bytes\": \(entry.bytes), \"sha256\": "
        + "\(DataLock.quoted(entry.sha256))}"
    }
    let list = lines.isEmpty ? "" : "\n" + lines.joined(separator: ",\n") + "\n  "
    return "{\n  \"format\": \(DataLock.format),\n  \"files\": {\(list)}\n}\n"
  }

  /// Why a text is no lock, and on which line, from 1.
  public struct Damage: Error, Hashable, Sendable {
    /// From 1.
    public var line: Int
    /// What is wrong there.
    public var reason: String
  }

  /// The lock that a text describes.
  public init(_ text: String) throws(Damage) {
    struct Document: Decodable {
      var format: Int
      var files: [String: Entry]
    }
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    } catch {
      throw DataLock.damage(in: text)
    }
    guard document.format == DataLock.format else {
      let line = DataLock.line(of: "\"format\"", in: text)
      throw Damage(
        line: line,
        reason: "it has format \(document.format), this program knows "
          + "\(DataLock.format)")
    }
    for (url, entry) in document.files where !DataLock.isWhole(entry) {
      throw Damage(
        line: DataLock.line(of: DataLock.quoted(url), in: text),
        reason: "'\(entry.sha256)' is no SHA-256 of 64 lower-case hexadecimal digits")
    }
    // A decoder takes one of two lines of the same address, as a merge may leave them.
    guard text.ranges(of: "\"sha256\"").count == document.files.count else {
      throw Damage(
        line: DataLock.repeatedLine(in: text), reason: "its address stands on another line as well")
    }
    files = document.files
  }

  /// The first line whose address is on an earlier one.
  private static func repeatedLine(in text: String) -> Int {
    var seen: Set<Substring> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard let end = line.range(of: "\": {")?.lowerBound else { continue }
      let address = line[..<end].trimmingPrefix(while: \.isWhitespace)
      guard seen.insert(address).inserted || address == "\"files" else { return index + 1 }
    }
    return 1
  }

  private static func isWhole(_ entry: Entry) -> Bool {
    entry.sha256.utf8.count == 64 && entry.bytes >= 0
      && entry.sha256.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// The first line that is not as this program writes it.
  private static func damage(in text: String) -> Damage {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if let conflict = lines.firstIndex(where: {
      $0.hasPrefix("<<<<<<<") || $0.hasPrefix("=======") || $0.hasPrefix(">>>>>>>")
    }) {
      return Damage(line: conflict + 1, reason: "a merge conflict is left in it")
    }
    let entry = /\s*"(?:[^"\\]|\\.)+": \{"bytes": \d+, "sha256": "[0-9a-f]{64}"\}(,?)\s*/
    var inList = false
    for (index, line) in lines.enumerated() {
      guard inList else {
        inList = line.contains("\"files\"")
        continue
      }
      if line.trimmingPrefix(while: \.isWhitespace).hasPrefix("}") { break }
      let isLast = index + 1 < lines.count && lines[index + 1].contains(/^\s*\}/)
      guard let match = line.wholeMatch(of: entry), match.output.1.isEmpty == isLast else {
        return Damage(
          line: index + 1, reason: "expected \"ADDRESS\": {\"bytes\": N, \"sha256\": …}")
      }
    }
    return Damage(
      line: max(1, lines.count - 1), reason: "expected JSON with \"format\" and \"files\"")
  }

  private static func line(of piece: String, in text: String) -> Int {
    guard let place = text.range(of: piece) else { return 1 }
    return 1 + text[..<place.lowerBound].count { $0 == "\n" }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
  }
}
