import DeptTesting
import Foundation
import TensorEngine
import Testing
import Training

@Suite struct AdamWTests {
  private struct File: Decodable {
    struct Trajectory: Decodable {
      struct Step: Decodable {
        var learningRate: Double
        var gradient, parameter: [Double]
      }
      var weightDecay: Double
      var start: [Double]
      var steps: [Step]
    }
    var adamw: [Trajectory]
  }

  @Test("eight updates are torch.optim.AdamW's, without and with decay", arguments: [0, 1])
  func trajectory(index: Int) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/primitives.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let golden = try decoder.decode(File.self, from: Data(contentsOf: url)).adamw[index]
    var parameters = Parameters()
    parameters["x"] = tensor(golden.start)
    let untouched = parameters
    var optimizer = AdamW(for: parameters, weightDecay: Float(golden.weightDecay))
    for (count, step) in golden.steps.enumerated() {
      var gradient = Parameters()
      // The scale is the clipping factor: half of twice the gradient is the gradient.
      gradient["x"] = tensor(step.gradient.map { 2 * $0 })
      optimizer.update(&parameters, gradient: gradient, scale: 0.5) { _ in step.learningRate }
      #expect(optimizer.step == count + 1)
      for (found, expected) in zip(parameters["x"].scalars, step.parameter) {
        #expect(abs(Double(found) - expected) < 2e-6, "step \(count + 1)")
      }
    }
    #expect(untouched["x"].scalars == golden.start.map(Float.init))
  }

  @Test("each parameter has the rate of its name, and a copied optimizer goes its own way")
  func rates() {
    var parameters = Parameters()
    parameters["fast"] = .ones([2])
    parameters["still"] = .ones([2])
    var gradient = Parameters()
    gradient["fast"] = .ones([2])
    gradient["still"] = .ones([2])
    var optimizer = AdamW(for: parameters, weightDecay: 0.5)
    let before = optimizer
    optimizer.update(&parameters, gradient: gradient, scale: 1) { $0 == "fast" ? 0.1 : 0 }
    #expect(parameters["still"].scalars == [1, 1])
    // Decay moves 1 to 0.95, the first bias-corrected step moves it 0.1 further.
    #expect(parameters["fast"].scalars.allSatisfy { abs($0 - 0.85) < 1e-5 })
    #expect(before.first["fast"].scalars == [0, 0])
    #expect(optimizer.first["fast"].scalars.allSatisfy { abs($0 - 0.1) < 1e-6 })
    #expect(optimizer.first["still"].scalars.allSatisfy { abs($0 - 0.1) < 1e-6 })
  }

  @Test("clipping brings the global norm down to the limit, and never up")
  func clipping() {
    var gradient = Parameters()
    gradient["a"] = Tensor([3], shape: [1])
    gradient["b"] = Tensor([0, 4], shape: [2])
    #expect(gradient.globalNorm == 5)
    let (factor, norm) = gradient.clippingFactor(1)
    #expect(norm == 5)
    #expect(abs(Double(factor) - 1 / 5.000001) < 1e-7)
    #expect(gradient.clippingFactor(10).factor == 1)
    #expect(gradient.clippingFactor(0).factor == 1)
  }

  @Test("the rate rises to the base and falls to nothing")
  func schedule() {
    let schedule = LearningRateSchedule(steps: 10, warmup: 4)
    let factors = (0...10).map(schedule.factor)
    let expected: [Double] = [0, 15, 30, 45, 60, 50, 40, 30, 20, 10, 0]
    for (found, sixtieths) in zip(factors, expected) {
      #expect(abs(found - sixtieths / 60) < 1e-12)
    }
    #expect(LearningRateSchedule(steps: 2, warmup: 0).factor(0) == 1)
    #expect(LearningRateSchedule(steps: 3, warmup: 3).factor(3) == 0)
    #expect(LearningRateSchedule(steps: 3, warmup: 5).factor(2) == 0.4)
  }

  private func tensor(_ values: [Double]) -> Tensor {
    Tensor(values.map(Float.init), shape: [values.count])
  }
}
