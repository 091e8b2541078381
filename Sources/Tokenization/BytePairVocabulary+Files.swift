import Foundation

extension BytePairVocabulary {
  /// Reads `vocab.json` and `merges.txt` of a directory, and `added_tokens.json` if it is there.
  init(directory: String, settings: BytePairSettings) throws(TokenizerError) {
    let path = "\(directory)/vocab.json"
    let mergesPath = "\(directory)/merges.txt"
    for (file, other) in [(path, mergesPath), (mergesPath, path)]
    where !VocabularyFile.exists(file) && VocabularyFile.exists(other) {
      throw .missingPartner(path: file, of: other)
    }
    let ids = try Self.ids(at: path)
    let merges = try Self.merges(in: VocabularyFile.contents(of: mergesPath), path: mergesPath)
    var added = settings.added
    let addedPath = "\(directory)/added_tokens.json"
    if VocabularyFile.exists(addedPath) {
      let known = Set(added.map(\.id))
      added += try Self.ids(at: addedPath).filter { !known.contains($0.value) }
        .map { AddedToken(id: $0.value, content: $0.key, isSpecial: false) }
    }
    try self.init(ids: ids, merges: merges, added: added, path: path, mergesPath: mergesPath)
  }

  private static func ids(at path: String) throws(TokenizerError) -> [String: Int] {
    try VocabularyFile.json(
      VocabularyFile.contents(of: path), [String: Int].self, path: path,
      expecting: "an object of tokens and their ids")
  }

  /// One merge a line, below a line that says the version.
  private static func merges(in contents: Data, path: String) throws(TokenizerError)
    -> [WrittenMerge]
  {
    func malformed(_ line: Int?, _ reason: String) -> TokenizerError {
      .malformedVocabulary(path: path, line: line, reason: "\(reason), copy the file again")
    }
    guard let text = String(validating: contents, as: UTF8.self) else {
      throw malformed(nil, "it is not UTF-8")
    }
    var merges: [WrittenMerge] = []
    // A carriage return and a newline are one character, but two bytes.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      var bytes = bytes
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      if bytes.isEmpty || index == 0 && bytes.starts(with: "#version".utf8) { continue }
      let parts = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      guard parts.count == 2, let left = parts.first, let right = parts.last,
        !left.isEmpty, !right.isEmpty
      else {
        throw malformed(
          index + 1, "'\(Substring(bytes))' is not two tokens with one space between them")
      }
      merges.append(
        WrittenMerge(left: Substring(left), right: Substring(right), line: index + 1))
    }
    return merges
  }
}
