/// The vocabulary of GPT-2 (Radford et al. 2019): bytes, joined by merges that a text compressor
/// learned (byte-level BPE), and an end of text.
///
/// It does what Hugging Face's `GPT2TokenizerFast` does: tokens that were added, such as
/// `<|endoftext|>`, become their single ids where a text spells them out, and the text on either
/// side is tokenized as if it stood alone. Hugging Face adds no end to a text by itself; `encode`
/// does, as that of every tokenizer.
public struct BytePairTokenizer: Tokenizer {
  public let vocabularySize: Int
  public let endToken: Int
  public let padToken: Int
  /// Whether a text that does not begin with a space is given one.
  public let startsWithSpace: Bool

  private let spellings: [[UInt8]]
  private let isSpecial: [Bool]
  private let literals: LiteralTokens
  /// The words that merges make one token of.
  private let wholeWords: SpellingTable
  private let merger: BytePairMerger
  /// The words that merges leave more than one token of.
  private let words: WordCache
  private let classes: [ScalarClass]

  /// Reads a directory in Hugging Face layout: `tokenizer.json`, or else `vocab.json` and
  /// `merges.txt`; and `tokenizer_config.json` and `config.json` if they are there.
  public init(directory: String) throws(TokenizerError) {
    guard VocabularyFile.exists(directory) else { throw .missingFile(path: directory) }
    let json = "\(directory)/tokenizer.json"
    if VocabularyFile.exists(json) {
      self = try BytePairTokenizer(jsonAt: json)
      return
    }
    self = try BytePairTokenizer(filesIn: directory)
  }

  /// Reads `vocab.json` and `merges.txt` of a directory, and `tokenizer_config.json` and
  /// `config.json` if they are there.
  init(filesIn directory: String) throws(TokenizerError) {
    let files = ["vocab.json", "merges.txt"].map { "\(directory)/\($0)" }
    guard files.contains(where: VocabularyFile.exists) else {
      throw .missingVocabulary(directory: directory)
    }
    let settings = try BytePairSettings(directory: directory)
    try settings.checkClass(directory: directory)
    let vocabulary = try BytePairVocabulary(directory: directory, settings: settings)
    try self.init(vocabulary, settings: settings, directory: directory)
  }

  /// Reads a `tokenizer.json` whose model is byte-level BPE, and `tokenizer_config.json` and
  /// `config.json` if they lie beside it.
  public init(jsonAt path: String) throws(TokenizerError) {
    let directory = VocabularyFile.directory(of: path)
    let settings = try BytePairSettings(directory: directory)
    let vocabulary = try BytePairVocabulary(
      json: VocabularyFile.contents(of: path), settings: settings, path: path)
    try self.init(vocabulary, settings: settings, directory: directory)
  }

  private init(_ vocabulary: BytePairVocabulary, settings: BytePairSettings, directory: String)
    throws(TokenizerError)
  {
    var added = vocabulary.added
    let known = Set(added.map(\.id))
    for name in Set([settings.endToken, settings.padToken, BytePairSettings.standardEnd]) {
      guard let name, let id = vocabulary.id(of: name), !known.contains(id) else { continue }
      added.append(AddedToken(id: id, content: name, isSpecial: true))
    }
    let end = try Self.end(of: vocabulary, settings, directory: directory)
    var spellings = vocabulary.tokens.indices.map {
      vocabulary.spellings[$0] ?? Array(vocabulary.tokens[$0].utf8)
    }
    if end == spellings.count {
      let name = settings.endToken ?? BytePairSettings.standardEnd
      added.append(AddedToken(id: end, content: name, isSpecial: true))
      spellings.append(Array(name.utf8))
    }
    let pad = settings.padToken.flatMap { vocabulary.id(of: $0) } ?? end
    let special = Set(added.filter(\.isSpecial).map(\.id)).union([end, pad])
    let merger = BytePairMerger(
      MergeTable(vocabulary.merges),
      tokens: (UInt8.min...UInt8.max).map {
        vocabulary.table.id(of: [$0]) ?? vocabulary.unknown.map(Int32.init)
      })
    vocabularySize = spellings.count
    endToken = end
    padToken = pad
    startsWithSpace = settings.startsWithSpace ?? vocabulary.startsWithSpace
    isSpecial = spellings.indices.map { special.contains($0) }
    literals = LiteralTokens(added.map { ($0.content, $0.id) })
    wholeWords = SpellingTable(merger.madeWhole(vocabulary.spellings))
    words = WordCache()
    classes = ScalarClass.table
    self.spellings = spellings
    self.merger = merger
  }

  /// The id that ends a sequence: a token by its name, or else what `config.json` says, which may
  /// be the one that follows the vocabulary.
  private static func end(
    of vocabulary: BytePairVocabulary, _ settings: BytePairSettings, directory: String
  ) throws(TokenizerError) -> Int {
    if let id = vocabulary.id(of: settings.endToken ?? BytePairSettings.standardEnd) { return id }
    guard let id = settings.endID else {
      throw .malformedSettings(
        path: directory,
        reason: """
          its vocabulary has no token \(settings.endToken ?? BytePairSettings.standardEnd) that \
          ends a text: name another as eos_token in tokenizer_config.json, or give its id as \
          eos_token_id in config.json
          """)
    }
    guard (0...vocabulary.tokens.count).contains(id) else {
      throw .malformedSettings(
        path: "\(directory)/config.json",
        reason: """
          eos_token_id is \(id) and the vocabulary has \(vocabulary.tokens.count) tokens, give \
          the id of one
          """)
    }
    return id
  }

  public func encodeWithoutEnd(_ text: String) -> [Int] {
    let bytes = Array(text.utf8)
    var ids: [Int] = []
    ids.reserveCapacity(bytes.count / 3)
    var merger = merger
    for part in literals.parts(of: bytes) {
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        if startsWithSpace && bytes[range.lowerBound] != UInt8(ascii: " ") {
          append([UInt8(ascii: " ")] + bytes[range], with: &merger, to: &ids)
        } else {
          append(bytes[range], with: &merger, to: &ids)
        }
      }
    }
    return ids
  }

  /// Appends the ids of a stretch of text without literals.
  private func append(
    _ text: ArraySlice<UInt8>, with merger: inout BytePairMerger, to ids: inout [Int]
  ) {
    text.withUnsafeBufferPointer { text in
      classes.withUnsafeBufferPointer { classes in
        let splitter = WordSplitter(text, classes: classes)
        var start = 0
        while start < text.count {
          let end = splitter.end(from: start)
          let word = UnsafeBufferPointer(rebasing: text[start..<end])
          if let id = wholeWords.id(of: word) {
            ids.append(Int(id))
          } else {
            append(word: word, with: &merger, to: &ids)
          }
          start = end
        }
      }
    }
  }

  /// Appends the ids of a word that is merged now or was before.
  private func append(
    word: UnsafeBufferPointer<UInt8>, with merger: inout BytePairMerger, to ids: inout [Int]
  ) {
    let hash = word.reduce(WordCache.hashSeed, WordCache.hash)
    if let known = words.find(word, hash: hash) {
      ids.append(contentsOf: known.ids)
    } else {
      let start = ids.count
      merger.append(word, to: &ids)
      words.keep(word, hash: hash, ids: Array(ids[start...]), cost: 0, reach: .infinity)
    }
  }

  public func decode(_ ids: [Int]) -> String {
    var bytes: [UInt8] = []
    for id in ids where isSpecial.indices.contains(id) && !isSpecial[id] {
      bytes.append(contentsOf: spellings[id])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
