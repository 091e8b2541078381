/// A file on a public server that a data set or a backbone is made of.
public struct RemoteFile: Hashable, Sendable, Codable {
  /// What becomes of the file once it is downloaded.
  public enum Packing: String, Hashable, Sendable, Codable {
    /// A zip, tar or compressed tar: its content is unpacked.
    case archive
    /// One gzip-compressed file: it is decompressed.
    case gzip
    /// One file compressed by gzip, bzip2, xz or zstd: it is decompressed.
    case compressed
    /// Kept as it is.
    case plain
  }

  /// An `https` or `http` address, or a `file://` address of this machine.
  public var url: String
  public var packing: Packing
  /// The expected SHA-256 in lower-case hexadecimal, where it is known.
  public var sha256: String?
  /// The name it gets in the data set's folder; an archive's content keeps its own names.
  public var name: String

  /// - Parameter name: `nil`: the address's last component, without the ending of a compression
  ///   that is undone.
  public init(_ url: String, _ packing: Packing, sha256: String? = nil, name: String? = nil) {
    self.url = url
    self.packing = packing
    self.sha256 = sha256
    let last = url.split(separator: "/").last.map(String.init) ?? url
    let endings: [String] =
      switch packing {
      case .gzip: [".gz"]
      case .compressed: [".gz", ".bz2", ".xz", ".zst"]
      case .archive, .plain: []
      }
    let ending = endings.first { last.hasSuffix($0) } ?? ""
    self.name = name ?? String(last.dropLast(ending.count))
  }
}
