public import Foundation

/// A file that can be made again.
public struct Garbage: Hashable, Sendable {
  /// Why it lies there.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// A download whose content is in place.
    case download
    /// A part of a download that was not ended.
    case partial
    /// What an unpacking that was not ended left.
    case staging
    /// Kept ids of examples and the like.
    case cache
  }

  public var kind: Kind
  public var file: URL
  public var bytes: Int
  /// When it was last read or written.
  public var used: Date
}
