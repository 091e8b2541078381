/// A vocabulary of bytes and merges (byte-level BPE) as the files of GPT-2 hold it.
struct BytePairVocabulary {
  /// Two tokens that become one, as a file writes them.
  struct WrittenMerge {
    var left: Substring
    var right: Substring
    /// Where the file says so, for errors.
    var line: Int?
  }

  /// The tokens in the order of their ids, in the characters of `ByteAlphabet`.
  private(set) var tokens: [String]
  /// What each id spells; nil where a token holds other characters.
  let spellings: [[UInt8]?]
  /// The tokens by what they spell.
  let table: SpellingTable
  /// The merges in the order of their ranks.
  let merges: [(left: Int32, right: Int32, result: Int32)]
  /// The tokens that texts may spell out.
  let added: [AddedToken]
  /// The token of bytes that have none; without it they are left out.
  let unknown: Int?
  /// Whether a text that does not begin with a space is given one.
  let startsWithSpace: Bool

  /// Checks that the ids are `0, 1, …` and that merges make tokens.
  ///
  /// - Parameters:
  ///   - path: the file of the ids, named in errors.
  ///   - mergesPath: the file of the merges, named in errors.
  init(
    ids: [String: Int], merges: [WrittenMerge], added: [AddedToken], unknown: String? = nil,
    startsWithSpace: Bool = false, path: String, mergesPath: String
  ) throws(TokenizerError) {
    let tokens = try Self.ordered(ids, added, path: path)
    let spellings = tokens.map { ByteAlphabet.bytes(of: $0.unicodeScalars) }
    let table = SpellingTable(spellings)
    self.merges = try merges.enumerated().map { index, merge throws(TokenizerError) in
      func token(_ spelling: [UInt8]?, _ written: Substring) throws(TokenizerError) -> Int32 {
        if let id = spelling.flatMap({ table.id(of: $0) }) { return id }
        let place = merge.line == nil ? "merge \(index + 1)" : "the merge"
        throw .malformedVocabulary(
          path: mergesPath, line: merge.line,
          reason: """
            \(place) of '\(merge.left)' and '\(merge.right)' needs '\(written)', which is not in \
            \(path): take both from one vocabulary
            """)
      }
      let left = ByteAlphabet.bytes(of: merge.left.unicodeScalars)
      let right = ByteAlphabet.bytes(of: merge.right.unicodeScalars)
      return (
        try token(left, merge.left), try token(right, merge.right),
        try token((left ?? []) + (right ?? []), merge.left + merge.right)
      )
    }
    self.unknown = try unknown.map { name throws(TokenizerError) in
      guard let id = ids[name] else {
        throw .malformedVocabulary(
          path: path, line: nil,
          reason: "its unknown token '\(name)' has no id, use the file of another vocabulary")
      }
      return id
    }
    self.tokens = tokens
    self.spellings = spellings
    self.table = table
    self.added = added
    self.startsWithSpace = startsWithSpace
  }

  /// The id of a token, as written.
  func id(of token: String) -> Int? { tokens.firstIndex(of: token) }

  private static func ordered(_ ids: [String: Int], _ added: [AddedToken], path: String)
    throws(TokenizerError) -> [String]
  {
    var all = ids
    for token in added {
      if let id = all[token.content], id != token.id {
        throw .malformedVocabulary(
          path: path, line: nil,
          reason: """
            the token '\(token.content)' has the ids \(id) and \(token.id), copy the vocabulary \
            again
            """)
      }
      all[token.content] = token.id
    }
    var tokens = [String?](repeating: nil, count: all.count)
    for (token, id) in all where tokens.indices.contains(id) { tokens[id] = token }
    let ordered = tokens.compactMap(\.self)
    if !ordered.isEmpty && ordered.count == all.count { return ordered }
    throw .malformedVocabulary(
      path: path, line: nil, reason: "\(flaw(of: all)), copy the vocabulary again")
  }

  /// What is wrong with ids that are not `0, 1, …`.
  private static func flaw(of ids: [String: Int]) -> String {
    var next = 0
    var last = ""
    for (token, id) in ids.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
      if id < 0 { return "the token '\(token)' has the id \(id)" }
      if id < next { return "the tokens '\(last)' and '\(token)' share the id \(id)" }
      if id > next { return "no token has the id \(next), but '\(token)' has \(id)" }
      (next, last) = (id + 1, token)
    }
    return "it holds no token"
  }
}
