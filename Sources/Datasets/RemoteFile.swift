/// A file on a public server that a data set or a backbone is made of.
public struct RemoteFile: Hashable, Sendable, Codable {
  /// What becomes of the file once it is downloaded.
  public enum Packing: String, Hashable, Sendable, Codable {
    /// A zip, tar or compressed tar: its content is unpacked.
    case archive
    /// One gzip-compressed file: it is decompressed.
    case gzip
    /// Kept as it is.
    case plain
  }

  /// An `https` or `http` address.
  public var url: String
  public var packing: Packing
  /// The expected SHA-256 in lower-case hexadecimal, where it is known.
  public var sha256: String?
  /// The name it gets in the data set's folder; an archive's content keeps its own names.
  public var name: String

  /// - Parameter name: `nil`: the address's last component, without `.gz` where it is unpacked.
  public init(_ url: String, _ packing: Packing, sha256: String? = nil, name: String? = nil) {
    self.url = url
    self.packing = packing
    self.sha256 = sha256
    let last = url.split(separator: "/").last.map(String.init) ?? url
    let unpacked = packing == .gzip && last.hasSuffix(".gz") ? String(last.dropLast(3)) : last
    self.name = name ?? unpacked
  }
}
