import ArgumentParser
import Foundation

/// `dept bench plan`: how long a large plan takes, from the compiled script to the printed text.
struct BenchPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Measure dept plan on an experiment of 100,000 runs.",
    discussion: """
      dept bench plan --json

      Two experiments are compiled first, which does not count: one multiplies a run by modifiers, \
      one has a call for each run. Each is planned three times by a process of its own; the best \
      counts.
      """)

  @Option(help: "Runs of the plan; a multiple of 1000.") var runs = 100_000
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Print one JSON document.") var json = false

  func validate() throws {
    guard (1_000...1_000_000).contains(runs), runs.isMultiple(of: 1_000) else {
      throw ValidationError("--runs must be a multiple of 1000 between 1000 and 1000000")
    }
  }

  private struct Figures: Encodable {
    let runs: Int
    let plan_100000_seconds: Double
    let plan_100000_calls_seconds: Double
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let figures = Figures(
      runs: runs, plan_100000_seconds: try seconds(Self.multiplied(runs), "multiplied", folder),
      plan_100000_calls_seconds: try seconds(Self.called(runs), "called", folder))
    if json { return try Output.json(figures) }
    print(
      """
      \(runs) runs from one call and its modifiers: \(figures.plan_100000_seconds.rounded(to: 2)) s
      \(runs) runs from as many calls: \(figures.plan_100000_calls_seconds.rounded(to: 2)) s
      """)
  }

  private func seconds(_ source: String, _ name: String, _ folder: URL) throws -> Double {
    let file = folder.appending(path: "\(name).swift")
    try Output.write(Data(source.utf8), to: file.path)
    // The first compiles.
    _ = try planning(file)
    return try (0..<3).map { _ in try planning(file) }.min() ?? 0
  }

  private func planning(_ file: URL) throws -> Double {
    try TimedProgram.seconds([
      "plan", file.path, "--home", surroundingsOptions.surroundings().home.path,
    ])
  }

  private static func multiplied(_ runs: Int) -> String {
    """
    import Dept

    @main struct Multiplied: Experiment {
      var plan: Plan {
        Run(LoRA(rank: 4), on: .genSentiment, with: .nano)
          .learningRate((1...100).map { Double($0) / 1000 })
          .seeds(1...10)
          .multiplied(over: 1...\(runs / 1_000), axis: "weightDecay") {
            $0.spec.schedule.weightDecay = Double($1) / 1000
          }
      }
    }
    """
  }

  private static func called(_ runs: Int) -> String {
    """
    import Dept

    @main struct Called: Experiment {
      var plan: Plan {
        for rank in 1...\(runs / 1_000) {
          for rate in 1...100 {
            for seed in 1...10 {
              Run(LoRA(rank: rank), on: .genSentiment, with: .nano)
                .learningRate(Double(rate) / 1000).seeds(seed)
            }
          }
        }
      }
    }
    """
  }
}
