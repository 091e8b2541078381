import Backbones
import Foundation
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods
import Workers

/// Times steps of one shape on random ids.
struct StepBenchmark {
  let backbone: LoadedBackbone
  let method: any TuningMethod
  let isTraining: Bool
  let batchSize: Int
  let sourceLengths: [Int]
  let targetLength: Int
  let dropout: Float
  let steps: Int
  /// Whether the best rate of products is measured too.
  let measuresPeak: Bool

  /// The keys are the command line's contract.
  struct Report: Encodable {
    let median_seconds, min_seconds, samples_per_second: Double
    let peak_rss_bytes: Int
    let flops_per_step, recomputed_flops_per_step, gflops: Double
    /// The best of `product_gflops`, and the step's rate by it; missing where it is not measured.
    let gemm_peak_gflops, utilization: Double?
    /// By the element type of the weights.
    let product_gflops: [String: Double]
    let dropout: Float
    let precision: String
    let threads: Int
    /// What multiplied.
    let kernels: String
    let page_faults_per_step: Double
    let system_allocations_after_warmup: Int
  }

  /// Steps that are not measured: they take memory and start threads.
  private static let warmup = 2

  func measure() -> Report {
    let adaptation = method.adaptation(of: backbone.model.anatomy)
    var parameters = backbone.initialParameters(adaptation, seed: 1)
    var optimizer = AdamW(for: parameters, weightDecay: 0)
    let batch = examples()
    let clock = ContinuousClock()
    var times: [Double] = []
    times.reserveCapacity(steps)
    var before = (allocations: 0, faults: 0)
    for step in 0..<steps + Self.warmup {
      if step == Self.warmup { before = (Engine.systemAllocations, Self.pageFaults) }
      let elapsed = clock.measure {
        carryOut(step, batch, adaptation, &parameters, &optimizer)
      }
      if step >= Self.warmup { times.append(elapsed / .seconds(1)) }
    }
    let after = (allocations: Engine.systemAllocations, faults: Self.pageFaults)
    let memory = PeakMemory.bytes
    times.sort()
    let median = times[times.count / 2]
    let operations = StepOperations(
      backbone.model, adaptation, isTraining: isTraining, sourceLengths: sourceLengths,
      targetLength: targetLength)
    let rate = Double(operations.total) / median / 1e9
    let rates = measuresPeak ? productRates() : [:]
    let peak = rates.values.max()
    return Report(
      median_seconds: median, min_seconds: times[0],
      samples_per_second: Double(batchSize) / median, peak_rss_bytes: memory,
      flops_per_step: Double(operations.total),
      recomputed_flops_per_step: Double(operations.recomputed), gflops: rate,
      gemm_peak_gflops: peak, utilization: peak.map { rate / $0 }, product_gflops: rates,
      dropout: isTraining ? dropout : 0, precision: storage.rawValue, threads: Engine.threads,
      kernels: ProductKernels.current.name,
      page_faults_per_step: Double(after.faults - before.faults) / Double(steps),
      system_allocations_after_warmup: after.allocations - before.allocations)
  }

  /// One step; a function that tools which count instructions can find by its name.
  @inline(never)
  private func carryOut(
    _ step: Int, _ batch: [TokenizedExample], _ adaptation: Adaptation,
    _ parameters: inout Parameters, _ optimizer: inout AdamW
  ) {
    let model = TunedModel(backbone: backbone, adaptation: adaptation, parameters: parameters)
    guard isTraining else {
      _ = model.predictedIDs(
        batch.map(\.source), DecodingPlan(maximumLength: targetLength), batchTokens: .max)
      return
    }
    let (_, gradient) = model.lossWithGradient(
      batch, dropout: dropout, key: RandomKey(seed: step))
    let (scale, _) = gradient.clippingFactor(1)
    let rate = method.defaultLearningRates.main
    optimizer.update(&parameters, gradient: gradient, scale: scale) { _ in rate }
  }

  private func examples() -> [TokenizedExample] {
    let vocabulary = backbone.model.anatomy.vocabularySize
    let end = backbone.model.endToken
    let key = RandomKey(seed: 7)
    return sourceLengths.enumerated().map { index, length in
      let key = key.folding(index)
      func ids(_ count: Int, _ offset: Int) -> [Int] {
        (0..<count).map { 3 + Int(key.bits(offset + $0) % UInt64(vocabulary - 3)) }
      }
      return TokenizedExample(
        source: ids(length - 1, 0) + [end], target: ids(targetLength - 1, 1 << 20) + [end])
    }
  }

  /// How the backbone's matrices are kept.
  private var storage: DType {
    backbone.model.weights.values.contains { $0.dtype == .bfloat16 } ? .bfloat16 : .float32
  }

  /// Of the types that a step multiplies: attention is float32 always.
  private func productRates() -> [String: Double] {
    let types = Set([.float32, storage])
    return Dictionary(
      uniqueKeysWithValues: types.map { ($0.rawValue, ProductRate.gflops($0)) })
  }

  /// Pages that the system has given to this process so far.
  private static var pageFaults: Int {
    var usage = rusage()
    #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
    getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage.ru_minflt + usage.ru_majflt
  }
}
