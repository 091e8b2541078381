import ArgumentParser
import Backbones
import Foundation
import Kernels
import TensorEngine
import Training
import TuningMethods

/// `dept bench`: how fast this machine is at what.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure a training step, decoding, or lists of runs.",
    discussion: """
      dept bench train --backbone t5-small --random --method pt --set length=100 \\
        --batch-size 8 --source-length 256 --json
      dept bench listing --json
      """,
    subcommands: [StepsBenchCommand.self, ListingBenchmark.self],
    defaultSubcommand: StepsBenchCommand.self)
}

/// `dept bench train` and `dept bench infer`: the speed and memory of a step.
struct StepsBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps", abstract: "Measure a training step, or decoding: train or infer.",
    discussion: """
      dept bench train --backbone t5-small --random --method pt --set length=100 \\
        --batch-size 8 --source-length 256 --json
      """)

  /// What is measured.
  enum Kind: String, ExpressibleByArgument { case train, infer }

  @Argument(help: "train or infer.") var kind: Kind
  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var methodOptions: MethodOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Random weights in the named architecture: nothing is downloaded.") var random = false
  @Option(help: "Examples a step.") var batchSize = 8
  @Option(help: "Source tokens of an example.") var sourceLength = 256
  @Option(help: "Target tokens of an example.") var targetLength = 2
  @Option(help: "fixed, or a file with one source length a line.") var lengths = "fixed"
  @Option(help: "Dropout probability (default: the backbone's).") var dropout: Double?
  @Option(help: "float32 or bfloat16, of frozen weights and product operands.")
  var precision = TrainingSchedule.Precision.float32
  @Option(help: "Measured steps, after two to warm up.") var steps = 10
  @Flag(inversion: .prefixedNo, help: "Measure the best rate of products as well.") var peak = true
  @Flag(help: "Print one JSON document.") var json = false

  func validate() throws {
    for (name, value) in [
      ("batch-size", batchSize), ("source-length", sourceLength), ("target-length", targetLength),
      ("steps", steps),
    ] where !(1...1 << 20).contains(value) {
      throw ValidationError("--\(name) must lie between 1 and \(1 << 20)")
    }
    guard dropout.map({ (0..<1).contains($0) }) ?? true else {
      throw ValidationError("--dropout must be at least 0 and less than 1")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    Engine.threads = surroundings.threads
    let backbone = try loaded(surroundings)
    let method = try methodOptions.resolved()
    if let longest = method.longestSource, longest < sourceLength {
      throw Failure(
        .usage,
        "\(methodOptions.method) reads sources of at most \(longest) tokens, and --source-length "
          + "is \(sourceLength); add --set sourceLength=\(sourceLength)")
    }
    let problems = method.problems(on: backbone.model.anatomy)
    guard problems.isEmpty else { throw Failure(.usage, problems.joined(separator: "; ")) }
    let lengths = try sourceLengths()
    try TunedModel(
      backbone: backbone, adaptation: method.adaptation(of: backbone.model.anatomy),
      parameters: .init()
    ).checkRoom(source: lengths.max() ?? sourceLength, target: targetLength)
    let report = StepBenchmark(
      backbone: backbone, method: method, isTraining: kind == .train, batchSize: batchSize,
      sourceLengths: lengths, targetLength: targetLength,
      dropout: dropout.map(Float.init) ?? backbone.model.dropout, steps: steps,
      measuresPeak: peak
    ).measure()
    if json { return try Output.json(report) }
    print(
      """
      median \((report.median_seconds * 1000).rounded(to: 1)) ms, \
      minimum \((report.min_seconds * 1000).rounded(to: 1)) ms a step
      \(report.samples_per_second.rounded(to: 1)) samples/s, \
      peak \((Double(report.peak_rss_bytes) / 1_048_576).rounded(to: 0)) MiB
      \(rate(report)), dropout \(report.dropout)
      \(report.page_faults_per_step.rounded(to: 1)) page faults a step, \
      \(report.system_allocations_after_warmup) blocks from the system in \(steps) steps
      """)
  }

  private func rate(_ report: StepBenchmark.Report) -> String {
    let rate = report.gflops.rounded(to: 1)
    guard let peak = report.gemm_peak_gflops, let share = report.utilization else {
      return "\(rate) GFLOP/s"
    }
    return "\(rate) of \(peak.rounded(to: 1)) GFLOP/s (\((100 * share).rounded(to: 0)) %)"
  }

  private func loaded(_ surroundings: Surroundings) throws -> LoadedBackbone {
    guard random, backboneOptions.id.randomArchitecture == nil else {
      return try backboneOptions.load(surroundings, precision: precision)
    }
    var options = backboneOptions
    options.backbone = BackboneID.random(backboneOptions.id).rawValue
    return try options.load(surroundings, precision: precision)
  }

  private func sourceLengths() throws -> [Int] {
    if lengths == "fixed" { return Array(repeating: sourceLength, count: batchSize) }
    guard let text = try? String(contentsOfFile: lengths, encoding: .utf8) else {
      throw Failure(.missingInput, "The file of lengths \(lengths) cannot be read.")
    }
    let numbers = text.split(whereSeparator: \.isNewline).compactMap { Int($0) }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 }) else {
      throw Failure(.invalid, "\(lengths) must hold one positive length a line.")
    }
    return (0..<batchSize).map { min(numbers[$0 % numbers.count], sourceLength) }
  }
}
