public import Backbones
public import Datasets
import Foundation
import NeuralNetworks

/// The data sets and backbones a plan may name: checked before anything is fetched or trained.
public struct PlanCatalogue: Sendable {
  public var datasets: DatasetCatalogue
  public var backbones: BackboneCatalogue

  public init(datasets: DatasetCatalogue, backbones: BackboneCatalogue) {
    self.datasets = datasets
    self.backbones = backbones
  }

  /// Everything the package knows.
  public static let standard = PlanCatalogue(datasets: .standard, backbones: .standard)

  /// What is wrong with a data set's name or the user's own files; `nil` where nothing is.
  ///
  /// Whether a published data set has been fetched is no question of the plan.
  func problem(with id: DatasetID) -> String? {
    do {
      let dataset = try datasets.dataset(id)
      if dataset is OwnDataset { _ = try dataset.files(in: URL(filePath: ".")) }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The sites of a backbone that are known without fetching it; `nil` where they are not.
  func anatomy(of id: BackboneID) -> Anatomy? {
    let name = (id.randomArchitecture ?? id).rawValue
    let isDirectory = FileManager.default.fileExists(atPath: "\(name)/config.json")
    let architecture = try? backbones.architecture(
      BackboneID(rawValue: name), directory: isDirectory ? name : nil)
    return try? architecture?.described().anatomy
  }

  /// What is wrong with a backbone's name; `nil` where nothing is.
  ///
  /// `org/name` is accepted: whether it exists is known where it is published.
  func problem(with id: BackboneID) -> String? {
    if let architecture = id.randomArchitecture { return problem(with: architecture) }
    if backbones.entry(id) != nil { return nil }
    let name = id.rawValue
    if FileManager.default.fileExists(atPath: "\(name)/config.json") { return nil }
    if name.hasPrefix("/") || name.hasPrefix(".") {
      return FileManager.default.fileExists(atPath: name)
        ? nil : "there is no backbone directory at '\(name)'; check the path"
    }
    if name.split(separator: "/", omittingEmptySubsequences: false).count == 2 { return nil }
    let entries = backbones.entries.map(\.id)
    // With a colon it was meant to have random weights.
    let known = (name.contains(":") ? entries.map(BackboneID.random) : entries).map(\.rawValue)
    return "there is no backbone '\(name)'\(NearestName.hint(for: name, among: known))"
  }
}
