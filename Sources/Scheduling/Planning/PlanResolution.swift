public import Backbones
import Crypto
public import Datasets
public import Experiments
import Foundation
import TensorEngine

/// Where the digests of what a run reads come from; both may be asked for the same thing once only.
public struct PlanDigests: Sendable {
  /// SHA-256 of a data set's prepared files.
  public var data: @Sendable (DatasetID) throws -> String
  /// SHA-256 of a backbone's weights and configuration.
  public var backbone: @Sendable (BackboneID) throws -> String

  public init(
    data: @escaping @Sendable (DatasetID) throws -> String,
    backbone: @escaping @Sendable (BackboneID) throws -> String
  ) {
    self.data = data
    self.backbone = backbone
  }
}

/// A planned run with its identity.
public struct ResolvedRun: Hashable, Sendable {
  public var id: RunID
  public var spec: RunSpec
  public var dataDigest: String
  public var backboneDigest: String
  public var location: SourceLocation?
}

/// A plan whose runs have identities: what a scheduler takes.
public struct ResolvedPlan: Hashable, Sendable {
  public var experiment: String
  /// In the order of the plan; a run that it lists twice is here once.
  public var runs: [ResolvedRun]
  /// What keeps runs from having an identity: data or backbones that are not there.
  public var issues: [PlanIssue]

  public init(experiment: String, runs: [ResolvedRun], issues: [PlanIssue] = []) {
    self.experiment = experiment
    self.runs = runs
    self.issues = issues
  }

  /// Gives every run of `plan` its identity.
  public init(_ plan: RunPlan, experiment: String, digests: PlanDigests) {
    self.init(experiment: experiment, runs: [], issues: plan.issues)
    var data: [DatasetID: String?] = [:]
    var backbones: [BackboneID: String?] = [:]
    var known: Set<RunID> = []
    for planned in plan.runs {
      let spec = planned.spec
      let dataDigest =
        data[spec.dataset]
        ?? digest(at: planned.location) {
          try digests.data(spec.dataset)
        }
      data[spec.dataset] = dataDigest
      let backboneDigest =
        backbones[spec.backbone]
        ?? digest(at: planned.location) {
          try digests.backbone(spec.backbone)
        }
      backbones[spec.backbone] = backboneDigest
      guard let dataDigest, let backboneDigest else { continue }
      let identity = digest(at: planned.location) {
        try Self.identity(of: spec, dataDigest: dataDigest, backboneDigest: backboneDigest).rawValue
      }
      guard let id = identity.map(RunID.init(rawValue:)) else { continue }
      guard known.insert(id).inserted else { continue }
      runs.append(
        ResolvedRun(
          id: id, spec: spec, dataDigest: dataDigest, backboneDigest: backboneDigest,
          location: planned.location))
    }
  }

  private mutating func digest(
    at location: SourceLocation?, _ compute: () throws -> String
  ) -> String? {
    do {
      return try compute()
    } catch {
      issues.append(PlanIssue("\(error)", at: location))
      return nil
    }
  }

  /// The SHA-256 of a run's canonical description, with what it reads and what computes it.
  ///
  /// - Throws: where a hyperparameter is no finite number.
  public static func identity(
    of spec: RunSpec, dataDigest: String, backboneDigest: String
  ) throws -> RunID {
    let context = JSONValue.object([
      "backbone": .string(backboneDigest), "data": .string(dataDigest),
      "engine": .integer(Engine.semanticsVersion),
    ])
    let description = try "\(spec.canonicalDescription())\n\(context.canonical)"
    return RunID(rawValue: SHA256.hash(data: Data(description.utf8)).hexadecimal)
  }
}

extension Digest {
  /// Lower-case hexadecimal digits.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
