import CSentencePiece
import Foundation

extension SentencePieceTrainer {
  /// The least number of pieces that leaves room for text.
  private var reservedPieces: Int { 3 + sentinels + (byteFallback ? 256 : 0) }

  /// Refuses settings that the library would end the process for.
  func checkSettings() throws(TokenizerError) {
    guard (0...100_000).contains(sentinels) else {
      throw .untrainable(reason: "\(sentinels) sentinels are asked for, give 0 to 100000")
    }
    guard vocabularySize > reservedPieces, vocabularySize <= 1_000_000 else {
      throw .untrainable(
        reason: """
          \(vocabularySize) pieces are asked for, of which \(reservedPieces) are reserved: give \
          more than that and at most 1000000
          """)
    }
    guard characterCoverage > 0, characterCoverage <= 1 else {
      throw .untrainable(
        reason: "a character coverage of \(characterCoverage) is asked for, give 0.98 to 1")
    }
    guard (1...512).contains(maximumPieceLength) else {
      throw .untrainable(
        reason: "pieces of \(maximumPieceLength) characters are asked for, give 1 to 512")
    }
  }

  /// Calls `body` with the settings as the C interface takes them.
  func withTraining(_ body: (csp_training) -> Int32) -> Int32 {
    let symbols = (0..<sentinels).map { strdup("<extra_id_\($0)>") }
    defer { symbols.forEach { free($0) } }
    let spellings = symbols.map { UnsafePointer<CChar>($0) }
    return spellings.withUnsafeBufferPointer { spellings in
      normalization.rawValue.withCString { rule in
        body(
          csp_training(
            vocabulary_size: Int32(vocabularySize), symbols: spellings.baseAddress,
            symbol_count: spellings.count, byte_fallback: byteFallback, normalization: rule,
            character_coverage: characterCoverage, maximum_piece_length: Int32(maximumPieceLength),
            exact_size: !allowsFewerPieces))
      }
    }
  }

  /// The last sentence of the library's message, without the place in its source.
  static func cause(in message: String) -> String {
    guard let bracket = message.range(of: "] ", options: .backwards) else { return message }
    let cause = message[bracket.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
    return cause.isEmpty ? message : cause
  }
}
