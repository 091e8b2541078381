/// Whose signatures of servers' certificates are trusted.
///
/// libcurl finds proxies in the environment by itself, but leaves certificates to the program.
public struct CertificateAuthorities: Hashable, Sendable {
  /// The path of a file of certificates; `nil`: what libcurl was built with.
  public var file: String?
  /// The path of a folder of certificates; `nil`: what libcurl was built with.
  public var folder: String?

  public init(file: String? = nil, folder: String? = nil) {
    self.file = file
    self.folder = folder
  }
}
