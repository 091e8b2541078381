import ArgumentParser
import Foundation
import TensorEngine

/// How much memory a run may take.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most memory a run may have for itself, such as 4G or 1500M (default: DEPT_MEMORY, or "
        + "what the machine gives). The backbone's file, which runs share, comes on top.",
      valueName: "bytes"))
  var memory: ByteCount?

  /// The limit in bytes that the option or the environment sets; `nil`: none.
  ///
  /// - Throws: `Failure` for a variable that is no size.
  func limit(_ surroundings: Surroundings) throws -> Int? {
    if let memory { return memory.bytes }
    guard let text = surroundings.memory, !text.isEmpty else { return nil }
    guard let count = ByteCount(argument: text) else {
      throw Failure(.usage, "DEPT_MEMORY is '\(text)', but must be a size such as 4G or 1500M")
    }
    return count.bytes
  }
}

/// A number of bytes as people write it: `4G`, `1.5GiB`, `1500M`, `1073741824`.
struct ByteCount: ExpressibleByArgument, Hashable {
  let bytes: Int

  /// At least a MiB: less is a forgotten unit.
  init?(argument: String) {
    let pattern = /(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?/.ignoresCase()
    guard let match = argument.wholeMatch(of: pattern), let number = Double(match.output.1),
      let power = ["", "k", "m", "g", "t"].firstIndex(of: match.output.2.lowercased())
    else { return nil }
    let bytes = number * Double(1 << (10 * power))
    guard bytes >= 1_048_576, bytes < 1e15 else { return nil }
    self.bytes = Int(bytes)
  }
}

extension Failure {
  /// Says that memory was not to be had, and ends the process with `code`.
  static func end(_ shortage: MemoryShortage, code: Code, remedy: String) -> Never {
    end(Failure(code, "\(shortage); \(remedy)"))
  }
}
