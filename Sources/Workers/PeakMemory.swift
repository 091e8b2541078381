import Foundation
import TensorEngine

/// The peaks of this process's memory.
public enum PeakMemory {
  /// Begins anew where the system permits (Linux), so that each run gets its own peak.
  public static func reset() {
    #if os(Linux)
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "5", 1)
    close(descriptor)
    #endif
  }

  /// Bytes that this process has had for itself at most since the last `reset`, without the pages
  /// of files; where the system does not tell them apart (macOS), with them.
  public static var ownBytes: Int { ProcessMemory()?.ownPeak ?? bytes }

  /// Bytes at most resident since the last `reset`.
  public static var bytes: Int {
    if let memory = ProcessMemory(), memory.peak > 0 { return memory.peak }
    var usage = rusage()
    #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
    #else
    getrusage(RUSAGE_SELF, &usage)
    return Int(usage.ru_maxrss)
    #endif
  }
}
