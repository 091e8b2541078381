/// What a compiled experiment is asked to do: its one command-line argument.
///
/// A reply goes to the descriptor that was standard output when the process began; what the
/// experiment itself prints goes to standard error.
public enum ScriptMode: String, CaseIterable, Hashable, Sendable {
  /// Write the `RunPlan` as one JSON document.
  case plan
  /// Read a `ResultSet` as one JSON document; write the report's `Document` as one.
  case report
  /// Read `WorkOrder` lines, carry them out, write `WorkReply` lines.
  case worker
}

/// The exit codes of a compiled experiment that mean something to its host.
public enum ScriptExit {
  /// Started without a mode.
  public static let usage: Int32 = 2
  /// What it was given could not be read, or its report could not be computed.
  public static let invalid: Int32 = 65
  /// The library it loaded is not the one it was compiled against.
  public static let otherLibrary: Int32 = 76
}

/// What a compiled experiment may use while it describes its plan.
public enum ScriptLimits {
  /// Bytes of memory of its own.
  public static let planningBytes = 4 << 30
}
