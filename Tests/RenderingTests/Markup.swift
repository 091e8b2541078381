/// A small check of nesting.
enum Markup {
  /// The first tag that is closed in the wrong place, or left open; `nil` if all is well.
  static func balance(_ text: String) -> String? {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else { return "unfinished tag" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
      if tag.hasPrefix("/") {
        guard open.last == name else { return "</\(name)> closes <\(open.last ?? "nothing")>" }
        open.removeLast()
      } else if !tag.hasSuffix("/"), !tag.hasPrefix("!") {
        open.append(name)
      }
    }
    return open.last.map { "<\($0)> is never closed" }
  }
}
