import Backbones
import Foundation
import NeuralNetworks
import TensorEngine
import TuningMethods

extension MethodLaws {
  /// Names, shapes and counts: unique, where a site is, and known without any weight.
  static func declarations(_ subject: MethodSubject) throws -> [Violation] {
    let anatomy = subject.backbone.model.anatomy
    let declared = subject.adaptation.parameters
    var found: [Violation] = []
    func expect(_ condition: Bool, _ law: String, _ finding: String) {
      if !condition { found.append(Violation(law, subject.name, finding)) }
    }
    expect(Set(declared.map(\.name)).count == declared.count, "names", "a name comes twice")
    let paths = Set(
      anatomy.weights().map(\.path.description) + anatomy.calls().map(\.path.description)
        + anatomy.inputs().map(\.path.description))
    for parameter in declared {
      let parts = parameter.name.split(separator: "/", omittingEmptySubsequences: false)
      expect(
        parts.count == 2 && paths.contains(String(parts[0])) && !parts[1].isEmpty, "names",
        "'\(parameter.name)' is not <site path>/<parameter>")
      expect(
        parameter.shape.allSatisfy { $0 > 0 }, "shapes",
        "'\(parameter.name)' is \(parameter.shape)")
    }
    let start = subject.start(seed: 1)
    let trained = start.without(declared.filter(\.isHeld).map(\.name)).scalarCount
    let scalars = declared.reduce(0) { $0 + $1.shape.reduce(1, *) }
    expect(
      subject.adaptation.scalarCount == trained && start.scalarCount == scalars, "counts",
      "\(subject.adaptation.scalarCount) declared, \(trained) trained, \(start.scalarCount) of "
        + "\(scalars) in all")
    let described = subject.method.adaptation(
      of: try subject.tiny.architecture.described().anatomy)
    let again = subject.method.adaptation(of: anatomy)
    for (other, law) in [(described, "anatomy"), (again, "purity")] {
      let isSame =
        other.parameters.map(\.name) == declared.map(\.name)
        && other.parameters.map(\.shape) == declared.map(\.shape)
        && other.parameters.map(\.group) == declared.map(\.group)
      expect(isSame, law, "other parameters are declared than before")
    }
    return found
  }

  /// Starting values: a function of seed and name alone.
  static func starts(_ subject: MethodSubject) -> [Violation] {
    let start = subject.start(seed: 1)
    let again = subject.start(seed: 1)
    var longer = Adaptation()
    if let site = subject.backbone.model.anatomy.sourceInput {
      _ = longer.parameter("law-of-starts", [3], .normal(1), at: site)
    }
    subject.method.adapt(subject.backbone.model.anatomy, into: &longer)
    let beside = MethodSubject.start(longer, subject.backbone, seed: 1)
    return start.names.flatMap { name -> [Violation] in
      var found: [Violation] = []
      if start[name].bits != again[name].bits {
        found.append(Violation("starts", subject.name, "'\(name)' is not a function of the seed"))
      }
      if start[name].bits != beside.tensor(named: name)?.bits {
        found.append(
          Violation("starts", subject.name, "'\(name)' depends on what else is declared"))
      }
      if !start[name].scalars.allSatisfy(\.isFinite) {
        found.append(Violation("starts", subject.name, "'\(name)' is not finite"))
      }
      return found
    }
  }

  /// A method written as JSON reads back as itself, and writes the same bytes again.
  static func coding(_ method: some TuningMethod, _ name: String) throws -> [Violation] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(method)
    let decoded = try JSONDecoder().decode(type(of: method), from: data)
    let again = try encoder.encode(decoded)
    return decoded == method && again == data
      ? [] : [Violation("coding", name, "it reads back as another method")]
  }
}
