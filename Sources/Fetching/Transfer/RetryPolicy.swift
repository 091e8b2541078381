/// How often and after which pauses a failed download is tried again.
public struct RetryPolicy: Hashable, Sendable {
  /// Attempts in a row that bring no new bytes before it is given up.
  public var attempts: Int
  /// The first pause in seconds; each further one is twice as long, up to `longestPause`.
  public var firstPause: Double
  public var longestPause: Double
  /// The longest pause in seconds that a server is granted when it asks for one; where it asks for
  /// more, the download is given up with its wish.
  public var longestAskedPause: Double

  public init(
    attempts: Int = 4, firstPause: Double = 0.5, longestPause: Double = 30,
    longestAskedPause: Double = 120
  ) {
    self.attempts = attempts
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.longestAskedPause = longestAskedPause
  }

  /// The pause after failure number `failure` (from 1): between half and all of the doubled time,
  /// so that many clients do not come back at once.
  func pause(after failure: Int, asked: Double?) -> Double {
    let doublings = Double(1 << min(20, max(0, failure - 1)))
    let pause = min(longestPause, firstPause * doublings)
    return max(min(asked ?? 0, longestAskedPause), pause * Double.random(in: 0.5...1))
  }
}
