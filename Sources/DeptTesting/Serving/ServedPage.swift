public import Foundation

/// How a `TinyServer` answers one path.
public struct ServedPage: Sendable {
  /// An answer in place of the page.
  public enum Failure: Sendable {
    /// An error page of this status, with further header lines.
    case status(Int, headers: [String] = [])
    /// The connection is closed without an answer.
    case closed
  }

  public var body: Data
  public var status: Int
  public var knowsRanges: Bool
  public var entityTag: String?
  public var location: String?
  public var headers: [String]
  /// The most bytes of an answer to a range, which then says so; `nil`: all that is left.
  public var longestRange: Int?
  /// Bytes of the body after which the connection is cut, one for each request; then never.
  public var cuts: [Int]
  /// What the first requests get, one each.
  public var failures: [Failure]
  /// The byte after which every connection is cut.
  public var barrier: Int?
  /// The seconds between two pieces of 16 KiB.
  public var pause: Double
  /// The length that is announced in place of the true one.
  public var announcedLength: Int?
  /// Whether the body comes in chunks, without its length being announced.
  public var isChunked: Bool

  public init(
    body: Data = Data(), status: Int = 200, knowsRanges: Bool = true, entityTag: String? = "\"v1\"",
    location: String? = nil, headers: [String] = [], longestRange: Int? = nil, cuts: [Int] = [],
    failures: [Failure] = [], barrier: Int? = nil, pause: Double = 0, announcedLength: Int? = nil,
    isChunked: Bool = false
  ) {
    self.body = body
    self.status = status
    self.knowsRanges = knowsRanges
    self.entityTag = entityTag
    self.location = location
    self.headers = headers
    self.longestRange = longestRange
    self.cuts = cuts
    self.failures = failures
    self.barrier = barrier
    self.pause = pause
    self.announcedLength = announcedLength
    self.isChunked = isChunked
  }
}
