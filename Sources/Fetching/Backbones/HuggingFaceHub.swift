import Foundation

/// The cache that Hugging Face's own programs keep: `models--ORG--NAME/snapshots/COMMIT/FILE`.
struct HuggingFaceHub {
  let folder: URL

  /// The files of a repository's main branch, where all of a backbone is there.
  ///
  /// - Parameter unusable: told of a file that keeps the others from being used.
  func snapshot(
    of repository: String, unusable: (URL, String) -> Void
  ) -> (folder: URL, files: [String: URL])? {
    let name = "models--" + repository.split(separator: "/").joined(separator: "--")
    let place = folder.appending(path: name)
    guard
      let text = try? String(contentsOf: place.appending(path: "refs/main"), encoding: .utf8)
    else { return nil }
    let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !commit.isEmpty, commit.allSatisfy(\.isHexDigit) else { return nil }
    let snapshot = place.appending(path: "snapshots/\(commit)")
    guard let weights = weights(in: snapshot, unusable: unusable) else { return nil }
    var files = [BackboneFiles.configuration] + weights
    files += BackboneFiles.vocabularies.joined() + BackboneFiles.extras
    // The files are links to where the bytes lie.
    let found = files.reduce(into: [String: URL]()) { found, path in
      let file = snapshot.appending(path: path).resolvingSymlinksInPath()
      if let size = FileManager.default.size(of: file), size > 0 { found[path] = file }
    }
    let isWhole =
      ([BackboneFiles.configuration] + weights).allSatisfy { found[$0] != nil }
      && BackboneFiles.vocabularies.contains { $0.allSatisfy { found[$0] != nil } }
    return isWhole ? (snapshot, found) : nil
  }

  /// The files of the weights, where all are there and whole.
  private func weights(in snapshot: URL, unusable: (URL, String) -> Void) -> [String]? {
    let index = snapshot.appending(path: BackboneFiles.weightsIndex)
    var files = [BackboneFiles.weights]
    var paths = files
    if !FileManager.default.fileExists(atPath: snapshot.appending(path: files[0]).path) {
      guard let shards = try? BackboneFiles.shards(inIndex: index) else { return nil }
      files = shards
      paths = [BackboneFiles.weightsIndex] + shards
    }
    for path in files {
      let file = snapshot.appending(path: path).resolvingSymlinksInPath()
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      if let fault = SafetensorsOutline.fault(of: file) {
        unusable(file, fault)
        return nil
      }
    }
    return paths
  }
}
