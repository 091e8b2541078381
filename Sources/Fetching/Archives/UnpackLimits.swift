/// How much an archive may unpack to before it is taken for an attack or an accident.
public struct UnpackLimits: Hashable, Sendable {
  /// Bytes of all files together.
  public var bytes: Int
  /// Files, folders and links.
  public var entries: Int

  public init(bytes: Int, entries: Int = 1_000_000) {
    self.bytes = bytes
    self.entries = entries
  }

  /// At least 1 GiB, and up to 200 times the archive: text packs by a factor of 3 to 20.
  public init(archiveBytes: Int) {
    self.init(bytes: max(1 << 30, 200 * archiveBytes))
  }
}
