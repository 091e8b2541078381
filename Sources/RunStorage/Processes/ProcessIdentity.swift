import Foundation

/// Which process it was, even after its number has been given to another: pid, start time, boot.
public struct ProcessIdentity: Hashable, Sendable, Codable {
  public var pid: Int
  /// In the system's own unit since boot (Linux: clock ticks) or since 1970 (macOS: µs).
  public var startTime: Int
  /// Identifies the time since the machine was last started.
  public var bootID: String
  public var host: String

  public init(pid: Int, startTime: Int, bootID: String, host: String) {
    self.pid = pid
    self.startTime = startTime
    self.bootID = bootID
    self.host = host
  }

  /// This process.
  public static var current: ProcessIdentity { ProcessIdentity(pid: Int(getpid())) }

  /// The process that has this number now; its start time is 0 where there is none.
  public init(pid: Int) {
    self.init(
      pid: pid, startTime: Self.startTime(of: pid) ?? 0, bootID: Self.bootID,
      host: Self.hostName)
  }

  /// Whether that very process still lives, on this machine. One on another machine counts as
  /// gone: the lock of the store is ours, so its scheduler is.
  public var isAlive: Bool {
    bootID == Self.bootID && startTime != 0 && Self.startTime(of: pid) == startTime
  }

  private static let hostName: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  #if os(Linux)
  private static let bootID: String = {
    let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }()

  /// `nil` where there is no such process, or it has ended and only waits to be reaped.
  private static func startTime(of pid: Int) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let close = text.lastIndex(of: ")")
    else { return nil }
    // After the name in parentheses: state is the first field, start time the twentieth.
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return Int(fields[19])
  }
  #else
  private static let bootID: String = {
    var size = 0
    guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 1 else { return "" }
    var text = [CChar](repeating: 0, count: size)
    guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0 else { return "" }
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  private static func startTime(of pid: Int) -> Int? {
    var query = [CTL_KERN, KERN_PROC, KERN_PROC_PID, Int32(pid)]
    var process = kinfo_proc()
    var size = MemoryLayout<kinfo_proc>.stride
    guard sysctl(&query, 4, &process, &size, nil, 0) == 0, size > 0,
      process.kp_proc.p_stat != UInt8(SZOMB)
    else { return nil }
    let start = process.kp_proc.p_starttime
    return Int(start.tv_sec) * 1_000_000 + Int(start.tv_usec)
  }
  #endif
}
