/// What GPT-2's splitting of texts into words distinguishes in characters.
enum ScalarClass: UInt8 {
  case letter, number, space, other

  /// Letters are Unicode's category L, numbers N; white space is Unicode's property.
  ///
  /// Characters that are younger than Unicode 16 are other signs, as they are for Hugging Face: a
  /// text has the same ids whatever Unicode the system knows.
  init(_ scalar: Unicode.Scalar) {
    guard let age = scalar.properties.age, age.major <= 16 else {
      self = .other
      return
    }
    if scalar.properties.isWhitespace {
      self = .space
      return
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    default: self = .other
    }
  }

  /// The classes of the scalars below `U+20000`, which holds nearly all that is written.
  static let table: [ScalarClass] = (0..<0x20000).map { value in
    Unicode.Scalar(UInt32(value)).map { ScalarClass($0) } ?? .other
  }
}
