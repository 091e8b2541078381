extension Tokenizer {
  /// The ids of a text, the end token included, at most `length` of them: what is too long loses
  /// its last pieces, not its end.
  public func encode(_ text: String, length: Int) -> [Int] {
    var ids = encodeWithoutEnd(text)
    ids.removeLast(max(0, ids.count - max(0, length - 1)))
    ids.append(endToken)
    return ids
  }
}
