import ArgumentParser

/// How many runs are carried out at the same time: a number, or as many as the machine can take.
enum JobCount: ExpressibleByArgument, Hashable {
  case count(Int)
  /// One for each core, as far as memory allows.
  case automatic

  init?(argument: String) {
    if argument == "auto" {
      self = .automatic
    } else if let count = Int(argument) {
      self = .count(count)
    } else {
      return nil
    }
  }

  var isValid: Bool { if case .count(let count) = self { count > 0 } else { true } }

  /// - Parameters:
  ///   - cores: what there is to share.
  ///   - runs: what there is to do.
  func number(cores: Int, runs: Int) -> Int {
    switch self {
    case .count(let count): count
    case .automatic: max(1, min(cores, runs))
    }
  }
}
