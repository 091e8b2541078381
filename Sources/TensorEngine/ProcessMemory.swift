import Foundation

/// How much of the machine's memory a process has, in bytes.
///
/// Pages of files, such as the mapped weights of a backbone, lie in memory once however many
/// processes read them: they count apart from what a process has for itself.
public struct ProcessMemory: Hashable, Sendable {
  /// What it has for itself now.
  public var own = 0
  /// The pages of files that it has mapped.
  public var shared = 0
  /// The largest sum of both.
  public var peak = 0
  /// The addresses it has reserved, touched or not.
  public var addresses = 0

  /// The most it has had for itself: the peak without the pages of files, which stay once read.
  public var ownPeak: Int { max(own, peak - shared) }

  /// Asks the system; `nil` where there is no such process, or the system does not say (macOS).
  ///
  /// - Parameter pid: the process; this one if none is given.
  public init?(pid: Int? = nil) {
    let path = "/proc/\(pid.map(String.init) ?? "self")/status"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    self.init(status: text)
  }

  /// Reads the text of `/proc/PID/status`.
  init?(status: String) {
    let fields = Self.kibibytes(in: status)
    // A process that has ended and only waits to be reaped has no memory.
    guard let own = fields["RssAnon"] else { return nil }
    self.own = own << 10
    shared = (fields["RssFile", default: 0] + fields["RssShmem", default: 0]) << 10
    peak = fields["VmHWM", default: 0] << 10
    addresses = fields["VmSize", default: 0] << 10
  }

  /// The numbers of lines such as `MemAvailable:  1234 kB`, by name.
  static func kibibytes(in text: String) -> [Substring: Int] {
    var fields: [Substring: Int] = [:]
    for line in text.split(separator: "\n") where line.hasSuffix(" kB") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon]] = Int(line[colon...].filter(\.isNumber))
    }
    return fields
  }
}
