import ArgumentParser
import Backbones
import Foundation
import Kernels
import TensorEngine
import Training
import TuningMethods

/// What a step is made of whose speed and memory are measured.
struct StepBenchOptions: ParsableArguments {
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
  @Option(
    help: """
      Multiply bfloat16 operands this way instead of the fastest; float32 ones in parts only by \
      matrix-unit.
      """)
  var products: ProductsOption?
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

  /// Measures a step of training, or of decoding, and prints what came out.
  func measure(isTraining: Bool) throws {
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
    let benchmark = StepBenchmark(
      backbone: backbone, method: method, isTraining: isTraining, batchSize: batchSize,
      sourceLengths: lengths, targetLength: targetLength,
      dropout: dropout.map(Float.init) ?? backbone.model.dropout, steps: steps,
      measuresPeak: peak)
    let report = try products.map { try measured(benchmark, $0) } ?? benchmark.measure()
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

  private func measured(
    _ benchmark: StepBenchmark, _ products: ProductsOption
  ) throws -> StepBenchmark.Report {
    try Engine.multiplyingBFloat16(products.way) {
      guard ProductKernels.current.bfloat16 == products.way else {
        throw Failure(
          .usage,
          "This processor has no --products \(products.rawValue); dept doctor says what it has.")
      }
      return benchmark.measure()
    }
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
