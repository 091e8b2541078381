import Experiments
import Scheduling
import TensorEngine

/// One thing in which two runs differ.
struct RunDifference: Hashable, Encodable {
  var field: String
  /// In the run of the store; `nil`: it has no such field.
  var there: String?
  /// In the planned run.
  var here: String?

  /// Everything in which a planned run differs from one of the store.
  static func all(of run: ResolvedRun, from other: FrozenRun) -> [RunDifference] {
    let fields = fields(of: run.spec, from: other.spec)
    // A backbone of another name has other weights: that is one difference.
    let named = Set(fields.map(\.field))
    return fields + digests(of: run, from: other).filter { !named.contains($0.field) }
  }

  /// The fields in which descriptions differ, sorted.
  static func fields(of spec: RunSpec, from other: RunSpec) -> [RunDifference] {
    func texts(_ spec: RunSpec) -> [(String, String)] {
      spec.fields.map { ($0.key, $0.value.plainText) }
    }
    return FieldDifference.between(texts(other), texts(spec))
      .map { RunDifference(field: $0.field, there: $0.first, here: $0.second) }
      .sorted { $0.field < $1.field }
  }

  /// What the same description was carried out with and would not be now.
  static func digests(of run: ResolvedRun, from other: FrozenRun) -> [RunDifference] {
    let old = other.provenance
    var differences: [RunDifference] = []
    func compare(_ field: String, _ there: String?, _ here: String?) {
      guard let there, !there.isEmpty, there != here else { return }
      differences.append(RunDifference(field: field, there: there, here: here))
    }
    compare("data", old.dataDigest, run.dataDigest)
    compare("backbone", old.backboneDigest, run.backboneDigest)
    compare("file", other.spec.method.source, run.spec.method.source)
    let sources = run.sources.map(\.short).joined(separator: " ")
    compare("sources", old.sources?.map(\.short).joined(separator: " "), sources)
    compare("engine", old.engine.map { "\($0)" }, "\(Engine.semanticsVersion)")
    return differences
  }

  /// For people: `learningRate: 0.3 there, 0.4 here`.
  var text: String {
    func short(_ value: String?) -> String {
      guard let value else { return "none" }
      // A digest is known by its beginning.
      let isDigest = value.count == 64 && value.allSatisfy(\.isHexDigit)
      return isDigest ? String(value.prefix(12)) : value
    }
    return "\(field): \(short(there)) there, \(short(here)) here"
  }
}
