/// A path inside an archive that stays inside the folder it is unpacked to.
struct EntryPath: Hashable {
  let components: [String]

  var text: String { components.joined(separator: "/") }

  /// Why a path is refused, to follow "which".
  struct Refusal: Error {
    var reason: String
  }

  init(_ path: String) throws(Refusal) {
    guard !path.hasPrefix("/"), !path.hasPrefix("\\") else {
      throw Refusal(reason: "is an absolute path")
    }
    if let second = path.dropFirst().first, second == ":", path.first?.isLetter == true {
      throw Refusal(reason: "is an absolute path")
    }
    guard !path.unicodeScalars.contains("\0"), !path.contains("\\") else {
      throw Refusal(reason: "has a character that is not portable in its path")
    }
    let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
    guard !parts.contains("..") else { throw Refusal(reason: "leads out of the folder") }
    components = parts
  }

  /// Where a symbolic link at `link` with this target leads, or a refusal where that is outside.
  init(target: String, from link: EntryPath) throws(Refusal) {
    guard !target.hasPrefix("/"), !target.contains("\\") else {
      throw Refusal(reason: "is a link out of the folder")
    }
    var parts = Array(link.components.dropLast())
    for part in target.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(String(part))
      } else if parts.popLast() == nil {
        throw Refusal(reason: "is a link out of the folder")
      }
    }
    components = parts
  }
}
