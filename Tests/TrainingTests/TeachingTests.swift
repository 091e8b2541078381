import Backbones
import DeptTesting
import Foundation
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

@testable import Training

@Suite struct TeachingTests {
  private static let batch = [[4, 9, 2, 7, 1], [5, 1], [8, 3, 3, 11, 6, 2, 1]].map {
    TokenizedExample(source: $0, target: Array($0.suffix(2)))
  }

  /// A run of MPT on two tasks, taught by prompts; the prompt of a task may be one's own.
  private func model(
    weight: Float, temperature: Float = 1, task: Int, ownTeacher: Bool = false
  ) throws -> TunedModel {
    let backbone = try TinyBackbone.version10.loaded()
    let method = MPT(length: 2, teacherWeight: weight, temperature: temperature)
    let adaptation = method.adaptation(of: backbone.model.anatomy, taskCount: 2)
    var parameters = Parameters()
    for parameter in adaptation.parameters {
      parameters[parameter.name] = .normal(
        parameter.shape, deviation: 0.7, key: RandomKey(seed: 2).folding(parameter.name))
    }
    if !adaptation.teachers.isEmpty {
      for task in 0..<2 where ownTeacher {
        let row = parameters["encoder.input/task.row"].rows(task..<task + 1).reshaped([2])
        let column = parameters["encoder.input/task.column"].rows(task..<task + 1).reshaped([16])
        parameters["encoder.input/teacher.\(task)"] =
          parameters["encoder.input/prompt"].scalingRows(by: row) * column
      }
    }
    var model = TunedModel(backbone: backbone, adaptation: adaptation, parameters: parameters)
    model.task = task
    return model
  }

  private func result(_ model: TunedModel, parts: Int = 1) -> (loss: Float, gradient: Parameters) {
    model.lossWithGradient(Self.batch, parts: parts, dropout: 0, key: RandomKey(seed: 1))
  }

  private func distance(_ a: Parameters, _ b: Parameters) -> Float {
    a.names.reduce(0) { largest, name in
      zip(a[name].scalars, b[name].scalars).reduce(largest) { max($0, abs($1.0 - $1.1)) }
    }
  }

  @Test("a teacher adds the cross-entropy of its distribution, times weight and T²")
  func loss() throws {
    let taught = try model(weight: 0.5, temperature: 2, task: 1)
    let alone = try model(weight: 0, task: 1)
    let source = PackedTokens(Self.batch.map(\.source))
    let target = PackedTokens(Self.batch.map(\.target))
    let student = taught.backbone.model.logits(source: source, target: target, taught.forward)
    var prompt = Parameters()
    prompt["encoder.input/prompt"] = taught.parameters["encoder.input/teacher.1"]
    let pt = PromptTuning(length: 2).adaptation(of: taught.backbone.model.anatomy)
    let teacher = taught.backbone.model.logits(source: source, target: target, Forward(pt, prompt))
    func probabilities(_ logits: Tensor) -> [Float] { (0.5 * logits).softmax().scalars }
    let added = zip(probabilities(teacher), probabilities(student)).reduce(Double(0)) {
      $0 - Double($1.0) * Foundation.log(Double($1.1))
    }
    let expected = Double(result(alone).loss) + 0.5 * 4 * added / 6
    #expect(abs(Double(result(taught).loss) - expected) < 1e-4 * expected)
  }

  @Test("who agrees with the teacher is pulled nowhere, and parts change nothing")
  func gradient() throws {
    for task in 0..<2 {
      let alone = result(try model(weight: 0, task: task)).gradient
      let agreeing = result(try model(weight: 3, task: task, ownTeacher: true)).gradient
      #expect(agreeing.names == alone.names)
      #expect(distance(agreeing, alone) < 1e-5)
      let taught = try model(weight: 3, task: task)
      let pulled = result(taught)
      #expect(distance(pulled.gradient, alone) > 1e-3)
      let inParts = result(taught, parts: 3)
      #expect(distance(inParts.gradient, pulled.gradient) < 1e-5)
      #expect(abs(inParts.loss - pulled.loss) < 1e-5)
      // The vectors of the other task are not asked for.
      let other = pulled.gradient["encoder.input/task.row"].rows(1 - task..<2 - task)
      #expect(other.scalars.allSatisfy { $0 == 0 })
    }
  }

  @Test("the rows before a source are counted, whatever makes them")
  func promptLength() throws {
    let backbone = try TinyBackbone.version10.loaded()
    for (method, length) in [
      (PromptTuning(length: 3), 3), (MPT(length: 2), 2), (PTuning(length: 4, hiddenWidth: 2), 4),
      (DePT(promptLength: 0, rank: 2), 0), (LoRA(rank: 2), 0), (PrefixTuning(length: 2), 0),
      (Stacked(PromptTuning(length: 3), LoRA(rank: 1)), 3),
    ] as [(any TuningMethod, Int)] {
      let adaptation = method.adaptation(of: backbone.model.anatomy, taskCount: 2)
      let model = TunedModel(
        backbone: backbone, adaptation: adaptation,
        parameters: backbone.initialParameters(adaptation, seed: 1))
      #expect(model.promptLength == length, "\(method)")
      let unstarted = TunedModel(
        backbone: backbone, adaptation: adaptation, parameters: Parameters())
      #expect(unstarted.promptLength == length, "\(method)")
    }
  }
}
