/// Cuts a text into the words that GPT-2's merges never reach across: contractions, and runs of
/// letters, of numbers or of other signs with the space before them, and white space (Radford et
/// al. 2019, `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`).
struct WordSplitter {
  private let text: UnsafeBufferPointer<UInt8>
  private let classes: UnsafeBufferPointer<ScalarClass>

  /// - Precondition: `text` is valid UTF-8; `classes` are those of `ScalarClass.table`.
  init(_ text: UnsafeBufferPointer<UInt8>, classes: UnsafeBufferPointer<ScalarClass>) {
    self.text = text
    self.classes = classes
  }

  /// Where the word ends that begins at `start`, which lies in the text.
  func end(from start: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'"), let length = contraction(at: start) { return start + length }
    let isSpaced = first == UInt8(ascii: " ") && start + 1 < text.count
    let (kind, next) = scalar(at: isSpaced ? start + 1 : start)
    return kind == .space ? endOfSpace(from: start) : endOfRun(of: kind, from: next)
  }

  private func endOfRun(of kind: ScalarClass, from start: Int) -> Int {
    var index = start
    while index < text.count {
      let (found, next) = scalar(at: index)
      if found != kind { break }
      index = next
    }
    return index
  }

  /// Where white space ends, without its last character if a word follows that may want it.
  private func endOfSpace(from start: Int) -> Int {
    var last = start
    var index = start
    while index < text.count {
      let (kind, next) = scalar(at: index)
      if kind != .space { break }
      last = index
      index = next
    }
    return index == text.count || last == start ? index : last
  }

  private func contraction(at start: Int) -> Int? {
    guard start + 1 < text.count else { return nil }
    let second = text[start + 1]
    switch second {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
      let third = second == UInt8(ascii: "l") ? second : UInt8(ascii: "e")
      return start + 2 < text.count && text[start + 2] == third ? 3 : nil
    default: return nil
    }
  }

  /// The class of the character that begins at `index`, and where the next one begins.
  @inline(__always)
  private func scalar(at index: Int) -> (ScalarClass, next: Int) {
    let lead = UInt32(text[index])
    if lead < 0x80 { return (classes[Int(lead)], index + 1) }
    func rest(_ offset: Int) -> UInt32 { UInt32(text[index + offset]) & 0x3f }
    if lead < 0xe0 { return (classes[Int((lead & 0x1f) << 6 | rest(1))], index + 2) }
    if lead < 0xf0 {
      return (classes[Int((lead & 0xf) << 12 | rest(1) << 6 | rest(2))], index + 3)
    }
    let value = (lead & 0x7) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3)
    if value < classes.count { return (classes[Int(value)], index + 4) }
    return (Unicode.Scalar(value).map { ScalarClass($0) } ?? .other, index + 4)
  }
}
