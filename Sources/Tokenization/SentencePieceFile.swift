/// What a SentencePiece model file says, as far as it bears on taking a text apart at its spaces.
struct SentencePieceFile {
  /// The roles of a piece in SentencePiece's format.
  enum Role: UInt64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  struct Piece {
    var bytes: ArraySlice<UInt8> = []
    var score: Float = 0
    var role: Role? = .normal
  }

  /// The pieces in the order of their ids.
  private(set) var pieces: [Piece] = []
  /// Whether it is a unigram model.
  private(set) var isUnigram = true
  /// Whether pieces such as `<0x41>` stand for bytes.
  private(set) var byteFallback = false
  /// Whether `▁` follows a word instead of preceding it.
  private(set) var spacesFollowWords = false
  /// Whether text gets a leading space, loses needless ones and has `▁` for those that remain.
  private(set) var gathersSpaces = true
  /// The compiled rules that bring text to one form.
  private(set) var normalization: ArraySlice<UInt8> = []

  /// Reads the bytes of a model file; nil where they are not understood.
  init?(_ bytes: [UInt8]) {
    var fields = ProtocolBufferFields(bytes[...])
    while let (field, value) = fields.next() {
      guard case .bytes(let message) = value else { continue }
      switch field {
      case 1: pieces.append(Self.piece(message))
      case 2: readTraining(message)
      case 3: readNormalizer(message)
      default: break
      }
    }
    guard fields.isWhole else { return nil }
  }

  private static func piece(_ message: ArraySlice<UInt8>) -> Piece {
    var piece = Piece()
    for (field, value) in ProtocolBufferFields(message) {
      switch (field, value) {
      case (1, .bytes(let bytes)): piece.bytes = bytes
      case (2, .float(let score)): piece.score = score
      case (3, .integer(let role)): piece.role = Role(rawValue: role)
      default: break
      }
    }
    return piece
  }

  private mutating func readTraining(_ message: ArraySlice<UInt8>) {
    for (field, value) in ProtocolBufferFields(message) {
      switch (field, value) {
      case (3, .integer(let kind)): isUnigram = kind == 1
      case (24, .integer(let follows)): spacesFollowWords = follows != 0
      case (35, .integer(let falls)): byteFallback = falls != 0
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ message: ArraySlice<UInt8>) {
    for (field, value) in ProtocolBufferFields(message) {
      switch (field, value) {
      case (2, .bytes(let rules)): normalization = rules
      // A dummy prefix, no needless spaces, and escaped ones.
      case (3, .integer(0)), (4, .integer(0)), (5, .integer(0)): gathersSpaces = false
      default: break
      }
    }
  }
}
