/// The part of the caller's environment that an experiment sees.
public enum ScriptEnvironment {
  /// The variables that finding programs, libraries and temporary files takes.
  private static let kept = ["HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"]

  /// For describing a plan or a report: sets iterate in the same order every time, a trap leaves
  /// a short trace, and no secret of the caller is there to be printed.
  static func evaluation(from environment: [String: String]) -> [String: String] {
    var visible = environment.filter { kept.contains($0.key) }
    visible["SWIFT_DETERMINISTIC_HASHING"] = "1"
    visible["SWIFT_BACKTRACE"] =
      "enable=yes,color=no,interactive=no,limit=24,threads=crashed,registers=none,images=none,"
      + "demangle=yes,cache=no,timeout=8s"
    return visible
  }
}
