import Experiments
import Foundation

/// What Swift's runtime prints when a program traps, as far as it names lines.
struct Backtrace {
  private let lines: [Substring]

  init(_ text: String) { lines = text.split(whereSeparator: \.isNewline) }

  /// `Index out of range`: what the runtime says went wrong; `nil` where it says nothing.
  var reason: String? {
    for marker in ["Fatal error: ", "Precondition failed: ", "Assertion failed: "] {
      for line in lines {
        guard let range = line.range(of: marker) else { continue }
        let message = line[range.upperBound...].trimmingCharacters(in: .whitespaces)
        if !message.isEmpty { return message }
      }
    }
    for line in lines {
      guard let range = line.range(of: "Program crashed: ") else { continue }
      return line[range.upperBound...].trimmingCharacters(in: [" ", "*"])
    }
    return nil
  }

  /// Whether so many calls were going on in one another that they would never have ended.
  var isEndless: Bool {
    lines.contains { line in
      let number = line.drop { $0 == " " }.prefix(while: \.isNumber)
      return line.contains(" [") && (Int(number) ?? 0) >= Self.deepest
    }
  }

  /// No plan is described by calls nested so deep; a stack of 8 MiB has room for far more.
  private static let deepest = 1_000

  /// Whether the runtime says that memory could not be had.
  var isOutOfMemory: Bool {
    lines.contains { $0.contains("failed to allocate") || $0.contains("Could not allocate") }
  }

  /// The innermost line of the file at `path` that was being carried out.
  func firstFrame(in path: String) -> SourceLocation? {
    let name = URL(filePath: path).lastPathComponent
    for line in lines {
      guard let range = line.range(of: "\(name):") else { continue }
      let digits = line[range.upperBound...].prefix(while: \.isNumber)
      if let number = Int(digits), number > 0 { return SourceLocation(file: path, line: number) }
    }
    return nil
  }
}
