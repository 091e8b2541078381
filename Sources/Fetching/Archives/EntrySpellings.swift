/// The paths an archive has brought so far: no two may be the same on a file system that does not
/// tell upper from lower case, and none may lie below a file.
struct EntrySpellings {
  private struct Place {
    var path: String
    var isFolder: Bool
  }

  private var places: [String: Place] = [:]

  mutating func add(_ path: EntryPath, isFolder: Bool) throws(EntryPath.Refusal) {
    for count in path.components.indices.map({ $0 + 1 }) {
      let part = path.components.prefix(count).joined(separator: "/")
      let isFolder = isFolder || count < path.components.count
      let key = part.lowercased()
      guard let earlier = places[key] else {
        places[key] = Place(path: part, isFolder: isFolder)
        continue
      }
      guard earlier.path.utf8.elementsEqual(part.utf8) else {
        throw EntryPath.Refusal(
          reason: "differs from '\(earlier.path)' only in a way that some file systems do not tell")
      }
      guard earlier.isFolder == isFolder else {
        throw EntryPath.Refusal(reason: "needs '\(part)' as a folder and as a file")
      }
    }
  }
}
