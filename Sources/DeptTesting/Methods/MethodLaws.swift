import Backbones
import Foundation
import NeuralNetworks
import TensorEngine
public import TuningMethods

/// What every tuning method promises; run it on a method of your own.
public enum MethodLaws {
  /// The laws that a method breaks on a tiny backbone; empty when it keeps them all.
  ///
  /// - Throws: what building the backbone or coding the method throws.
  public static func violations(
    of method: any TuningMethod, on tiny: TinyBackbone
  ) throws -> [Violation] {
    let subject = try MethodSubject(method, tiny)
    guard method.issues.isEmpty else {
      return [Violation("hyperparameters", subject.name, method.issues.joined(separator: "; "))]
    }
    guard !subject.adaptation.parameters.isEmpty else {
      return [Violation("parameters", subject.name, "nothing is trained")]
    }
    let forward = Forward(subject.adaptation, subject.moved)
    return try declarations(subject) + starts(subject) + coding(method, subject.name)
      + slopes(subject) + saving(subject)
      + BackboneLaws.violations(of: subject.backbone.model, named: subject.name, forward)
  }

  /// Whether a method that promises it starts as the backbone itself.
  ///
  /// - Throws: what building the backbone throws.
  public static func identityViolations(
    of method: any TuningMethod, on tiny: TinyBackbone
  ) throws -> [Violation] {
    let subject = try MethodSubject(method, tiny)
    let parameters = subject.start(seed: 1)
    let tuned = subject.logits(parameters).scalars
    let frozen = subject.backbone.model.logits(
      source: MethodSubject.source, target: MethodSubject.target, .frozen
    ).scalars
    return tuned == frozen
      ? [] : [Violation("identity", subject.name, "the first pass is not the backbone's")]
  }

  /// Whether several methods on one backbone compute side by side what they compute alone.
  ///
  /// - Throws: what building the backbone throws.
  public static func concurrencyViolations(
    of methods: [any TuningMethod], on tiny: TinyBackbone, _ kernels: KernelChoice = .own
  ) async throws -> [Violation] {
    let backbone = try tiny.loaded()
    let alone = methods.map { method in kernels { step(method, backbone) } }
    let rounds = 4
    let together = await withTaskGroup(of: (Int, [[UInt32]]).self) { group in
      for index in 0..<methods.count * rounds {
        let method = methods[index % methods.count]
        group.addTask { (index, kernels { step(method, backbone) }) }
      }
      return await group.reduce(into: [(Int, [[UInt32]])]()) { $0.append($1) }
    }
    return together.sorted { $0.0 < $1.0 }.compactMap { index, bits in
      let method = methods[index % methods.count]
      return bits == alone[index % methods.count]
        ? nil
        : Violation("concurrency", type(of: method).name, "other bits beside other methods")
    }
  }

  /// The bits of a loss and its gradient under dropout.
  private static func step(
    _ method: any TuningMethod, _ backbone: LoadedBackbone
  ) -> [[UInt32]] {
    let adaptation = method.adaptation(of: backbone.model.anatomy)
    let parameters = MethodSubject.start(adaptation, backbone, seed: 5)
    let (value, gradient) = valueWithGradient(at: parameters) { parameters in
      backbone.model.logits(
        source: MethodSubject.source, target: MethodSubject.target,
        Forward(adaptation, parameters, dropout: 0.1, key: RandomKey(seed: 6))
      ).crossEntropy(MethodSubject.target.ids, normalizer: 9)
    }
    return [[value.bitPattern]] + gradient.names.map { gradient[$0].bits }
  }
}
