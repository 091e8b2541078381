import CSentencePiece
import Foundation

/// Trains a small T5 vocabulary from text: a unigram model whose first ids are T5's, `<pad>` 0,
/// `</s>` 1, `<unk>` 2, followed by its sentinels as pieces of the model.
public struct SentencePieceTrainer: Hashable, Sendable {
  /// How text is brought to one form before it is cut into pieces.
  public enum Normalization: String, Hashable, Sendable, Codable, CaseIterable {
    /// As it is.
    case identity
    /// Unicode NFKC.
    case nfkc
    /// Unicode NFKC and one kind of space, as T5's own vocabulary.
    case nmtNFKC = "nmt_nfkc"
    /// Unicode NFKC, in lower case.
    case lowercasedNFKC = "nfkc_cf"
    /// Unicode NFKC and one kind of space, in lower case.
    case lowercasedNMTNFKC = "nmt_nfkc_cf"
  }

  /// The number of pieces, special ones, sentinels and bytes included.
  public var vocabularySize: Int
  /// The number of sentinels `<extra_id_0>` …, given the ids from 3 on.
  public var sentinels: Int
  /// Whether characters outside the vocabulary are spelled by 256 byte pieces instead of `<unk>`.
  public var byteFallback: Bool
  public var normalization: Normalization
  /// The share of the characters of the text that get a piece, in `0...1`.
  public var characterCoverage: Double
  /// The longest piece, in characters.
  public var maximumPieceLength: Int
  /// Whether a text too poor for the vocabulary gives a smaller one instead of an error.
  public var allowsFewerPieces: Bool

  public init(
    vocabularySize: Int, sentinels: Int = 100, byteFallback: Bool = false,
    normalization: Normalization = .nmtNFKC, characterCoverage: Double = 0.9995,
    maximumPieceLength: Int = 16, allowsFewerPieces: Bool = false
  ) {
    self.vocabularySize = vocabularySize
    self.sentinels = sentinels
    self.byteFallback = byteFallback
    self.normalization = normalization
    self.characterCoverage = characterCoverage
    self.maximumPieceLength = maximumPieceLength
    self.allowsFewerPieces = allowsFewerPieces
  }

  /// The bytes of a model trained from lines of text. Equal lines give equal bytes.
  public func model(from lines: some Sequence<String>) throws(TokenizerError) -> [UInt8] {
    try checkSettings()
    let source = LineSource(lines)
    var bytes: UnsafeMutablePointer<CChar>?
    var count = 0
    var message: UnsafeMutablePointer<CChar>?
    let code = withTraining { training in
      var training = training
      return withExtendedLifetime(source) {
        csp_train(
          &training,
          { context, line, count in
            guard let context, let line, let count else { return false }
            let source = Unmanaged<LineSource>.fromOpaque(context).takeUnretainedValue()
            guard let next = source.next() else { return false }
            line.pointee = UnsafePointer(next.baseAddress)
            count.pointee = next.count
            return true
          }, Unmanaged.passUnretained(source).toOpaque(), &bytes, &count, &message)
      }
    }
    let reason = SentencePieceModel.taking(message)
    if source.isEmpty {
      throw .untrainable(reason: "there is no text, give it lines to learn from")
    }
    guard code == csp_ok else { throw .untrainable(reason: Self.cause(in: reason)) }
    defer { csp_free(bytes) }
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// Trains a model and writes it as a file, whole or not at all.
  public func train(from lines: some Sequence<String>, writingTo path: String)
    throws(TokenizerError)
  {
    let bytes = try model(from: lines)
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }
}
