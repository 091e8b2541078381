import ArgumentParser
import Experiments

/// An order of runs as `--order` takes it: `planned`, `shuffled:7`, `interleaved:dataset`,
/// `cheapest-first`.
struct RunOrderArgument: ExpressibleByArgument {
  let order: RunOrder

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.dropFirst().first) {
    case ("planned", nil): order = .planned
    case ("cheapest-first", nil): order = .cheapestFirst
    case ("shuffled", let seed?):
      guard let seed = Int(seed) else { return nil }
      order = .shuffled(seed: seed)
    case ("shuffled", nil): order = .shuffled(seed: 0)
    case ("interleaved", let field?) where !field.isEmpty: order = .interleaved(by: field)
    default: return nil
    }
  }
}
