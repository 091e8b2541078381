import ArgumentParser

/// `dept bench`: how fast something is here.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure a training step, decoding, or the store.",
    discussion: """
      dept bench train --backbone t5-small --random --method pt --set length=100 \\
        --batch-size 8 --source-length 256 --json
      """,
    subcommands: [
      Train.self, Infer.self, StoreBenchCommand.self, ListingBenchmark.self, BenchPlanCommand.self,
    ])

  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure the speed and memory of a training step.",
      discussion: "Example: dept bench train --backbone nano --method dept --json")

    @OptionGroup var options: StepBenchOptions

    func run() throws { try options.measure(isTraining: true) }
  }

  struct Infer: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure the speed and memory of decoding.",
      discussion: "Example: dept bench infer --backbone nano --method dept --target-length 20")

    @OptionGroup var options: StepBenchOptions

    func run() throws { try options.measure(isTraining: false) }
  }
}
