import Backbones
import Foundation
import Kernels
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

  /// The keys are the command line's contract.
  struct Report: Encodable {
    let median_seconds, min_seconds, samples_per_second: Double
    let peak_rss_bytes: Int
    let flops_per_step, gflops, gemm_peak_gflops, utilization: Double
    let dropout: Float
    let threads: Int
    let system_allocations_after_warmup: Int
  }

  func measure() throws -> Report {
    let adaptation = method.adaptation(of: backbone.model.anatomy)
    var parameters = backbone.initialParameters(adaptation, seed: 1)
    var optimizer = AdamW(for: parameters, weightDecay: 0)
    let batch = examples()
    let rates = method.defaultLearningRates
    let clock = ContinuousClock()
    var times: [Double] = []
    var allocations = 0
    for step in 0..<steps + 2 {
      if step == 2 { allocations = Engine.systemAllocations }
      let start = clock.now
      if isTraining {
        let model = TunedModel(
          backbone: backbone, adaptation: adaptation, parameters: parameters)
        let (_, gradient) = model.lossWithGradient(
          batch, dropout: dropout, key: RandomKey(seed: step))
        let (scale, _) = gradient.clippingFactor(1)
        optimizer.update(&parameters, gradient: gradient, scale: scale) { _ in rates.main }
      } else {
        let model = TunedModel(
          backbone: backbone, adaptation: adaptation, parameters: parameters)
        _ = model.predictedIDs(
          batch.map(\.source), DecodingPlan(maximumLength: targetLength), batchTokens: .max)
      }
      let elapsed = start.duration(to: clock.now).components
      if step >= 2 { times.append(Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18) }
    }
    times.sort()
    let (median, flops) = (times[times.count / 2], Double(floatingPointOperations(adaptation)))
    let peak = Self.matrixPeak()
    return Report(
      median_seconds: median, min_seconds: times[0],
      samples_per_second: Double(batchSize) / median, peak_rss_bytes: PeakMemory.bytes,
      flops_per_step: flops, gflops: flops / median / 1e9, gemm_peak_gflops: peak,
      utilization: flops / median / 1e9 / peak, dropout: isTraining ? dropout : 0,
      threads: Engine.threads,
      system_allocations_after_warmup: Engine.systemAllocations - allocations)
  }

  private func examples() -> [TokenizedExample] {
    let vocabulary = backbone.model.anatomy.vocabularySize
    let key = RandomKey(seed: 7)
    return sourceLengths.enumerated().map { index, length in
      let key = key.folding(index)
      func ids(_ count: Int, _ offset: Int) -> [Int] {
        (0..<count).map { 3 + Int(key.bits(offset + $0) % UInt64(vocabulary - 3)) }
      }
      return TokenizedExample(
        source: ids(length - 1, 0) + [1], target: ids(targetLength - 1, 1 << 20) + [1])
    }
  }

  /// Products of linear layers: two operations a weight and row forward, as many again for the
  /// gradient of the rows where training, and once more for that of weights that are trained.
  private func floatingPointOperations(_ adaptation: Adaptation) -> Int {
    let prompt = adaptation.parameters.first { $0.name.hasSuffix("/prompt") }?.shape[0] ?? 0
    let sourceRows = sourceLengths.reduce(0, +) + prompt * batchSize
    let targetRows = targetLength * batchSize
    let sourceParts: Set<SitePath.Part> = [.crossKey, .crossValue]
    let forward = backbone.model.anatomy.calls().reduce(0) { total, site in
      guard backbone.model.weights[site.path]?.shape.count == 2 || site.path.part == .head else {
        return total
      }
      let readsSource = site.path.stack == .encoder || sourceParts.contains(site.path.part)
      return total + 2 * site.input * site.output * (readsSource ? sourceRows : targetRows)
    }
    guard isTraining else { return forward }
    let trainsWeights = adaptation.parameters.contains { $0.name.hasSuffix("/weight") }
    return (trainsWeights ? 3 : 2) * forward
  }

  /// What the matrix library reaches on a large product with these threads, in GFLOP/s.
  private static func matrixPeak() -> Double {
    let extent = 1024
    let a = Tensor.uniform([extent, extent], in: -1...1, key: RandomKey(seed: 1))
    let clock = ContinuousClock()
    let best =
      (0..<5).map { _ in
        let elapsed = clock.measure { _ = a.matmul(a) }.components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
      }.min() ?? 1
    return 2 * Double(extent * extent * extent) / best / 1e9
  }
}
