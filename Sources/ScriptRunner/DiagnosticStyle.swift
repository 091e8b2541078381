/// How the compiler shows what is wrong with a file.
public enum DiagnosticStyle: String, Hashable, Sendable {
  /// With source lines and colour, for a terminal.
  case terminal
  /// `file:line:column: error: …`, for editors and logs.
  case plain

  var arguments: [String] {
    switch self {
    case .terminal: ["-diagnostic-style", "swift", "-color-diagnostics"]
    case .plain: ["-diagnostic-style", "llvm", "-no-color-diagnostics"]
    }
  }
}
