extension String {
  /// The text with a space on either side of each sign that is no letter, number, mark or
  /// underscore, and with every run of white space made one space: as T5 reads questions.
  ///
  /// Signs at the ends leave a space there too. Raffel et al. (arXiv 1910.10683).
  var paddingPunctuation: String {
    var padded = ""
    padded.reserveCapacity(utf8.count + utf8.count / 8)
    var endsInSpace = false
    for scalar in unicodeScalars {
      let isSpace = scalar.properties.isWhitespace
      let isSign = !isSpace && !scalar.isWordPart
      if isSpace || isSign, !endsInSpace { padded.unicodeScalars.append(" ") }
      if !isSpace { padded.unicodeScalars.append(scalar) }
      if isSign { padded.unicodeScalars.append(" ") }
      endsInSpace = isSpace || isSign
    }
    return padded
  }
}

extension Unicode.Scalar {
  /// Whether it is in the Unicode classes L, N or M, or an underscore.
  fileprivate var isWordPart: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber,
      .nonspacingMark, .spacingMark, .enclosingMark:
      true
    default: self == "_"
    }
  }
}
