public import Foundation

/// What a fetched folder was made of; kept in the folder as `fetched.json`.
public struct FetchManifest: Hashable, Sendable, Codable {
  /// One downloaded file.
  public struct Source: Hashable, Sendable, Codable {
    public var url: String
    public var bytes: Int
    /// Lower-case hexadecimal.
    public var sha256: String
  }

  /// One file of the folder.
  public struct Content: Hashable, Sendable, Codable {
    /// Relative to the folder.
    public var path: String
    public var bytes: Int
  }

  public var format = 1
  public var sources: [Source]
  public var content: [Content]

  static let fileName = "fetched.json"

  /// The manifest of a folder, or `nil` where there is none that can be read.
  public init?(in folder: URL) {
    guard let data = try? Data(contentsOf: folder.appending(path: FetchManifest.fileName)),
      let manifest = try? JSONDecoder().decode(FetchManifest.self, from: data),
      manifest.format == 1
    else { return nil }
    self = manifest
  }

  init(sources: [Source], content: [Content]) {
    self.sources = sources
    self.content = content
  }

  /// The addresses it was made of.
  var urls: Set<String> { Set(sources.map(\.url)) }

  /// Whether every file is there with its size.
  func isComplete(in folder: URL) -> Bool {
    content.allSatisfy { FileManager.default.size(of: folder.appending(path: $0.path)) == $0.bytes }
  }

  func write(to folder: URL) throws(FetchError) {
    let file = folder.appending(path: FetchManifest.fileName)
    try atFileSystem(file.path) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try (encoder.encode(self) + Data("\n".utf8)).write(to: file)
    }
  }
}

extension FileManager {
  /// The size of a regular file, or `nil` where there is none.
  func size(of file: URL) -> Int? {
    var status = stat()
    guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}
