public import Foundation

/// Where `https://HOST/PATH` is read from instead.
public enum Mirror: Hashable, Sendable {
  /// From the address itself.
  case none
  /// From `BASE/HOST/PATH`.
  case server(String)
  /// From the file `DIRECTORY/HOST/PATH`.
  case directory(URL)

  /// - Parameter text: an address with `http://` or `https://`, or a directory's path, which may
  ///   be written as a `file://` address; nothing: no mirror.
  public init(_ text: String?) {
    guard let text, !text.isEmpty else {
      self = .none
      return
    }
    if text.hasPrefix("http://") || text.hasPrefix("https://") {
      self = .server(text.hasSuffix("/") ? String(text.dropLast()) : text)
    } else if text.hasPrefix("file://"), let folder = URL(string: text) {
      self = .directory(folder)
    } else {
      self = .directory(URL(filePath: text, directoryHint: .isDirectory))
    }
  }

  /// Where the content of `url` is.
  ///
  /// A `file://` address is that file, whatever the mirror.
  func place(of url: String) -> Place {
    if url.hasPrefix("file://") {
      return .file(URL(string: url)?.standardizedFileURL ?? URL(filePath: String(url.dropFirst(7))))
    }
    return switch self {
    case .none: .remote(url)
    case .server(let base): .remote("\(base)/\(Mirror.hostAndPath(url))")
    case .directory(let folder): .file(folder.appending(path: Mirror.hostAndPath(url)))
    }
  }

  /// An address to open, or a file to read.
  enum Place {
    case remote(String)
    case file(URL)
  }

  /// `HOST/PATH` of an address.
  static func hostAndPath(_ url: String) -> String {
    guard let scheme = url.range(of: "://") else { return url }
    return String(url[scheme.upperBound...])
  }
}
