import Tokenization

extension LoadedBackbone {
  /// The ids of a source, at most `length` of them: what is too long loses its last pieces, and
  /// never what has to follow a source, be it the end token or the question that asks for a target.
  public func sourceIDs(_ text: String, length: Int = .max) -> [Int] {
    guard let ending = model.sourceEnding else {
      return tokenizer.encode(text, length: length)
    }
    let ids = tokenizer.encodeWithoutEnd(text + ending)
    guard ids.count > length else { return ids }
    let question = tokenizer.encodeWithoutEnd(ending)
    return Array(
      (ids.prefix(max(0, length - question.count)) + question).suffix(max(1, length)))
  }

  /// The ids of a target, the end token included, at most `length` of them: what is too long loses
  /// its last pieces, not its end.
  public func targetIDs(_ text: String, length: Int = .max) -> [Int] {
    tokenizer.encode(text, length: length)
  }
}
