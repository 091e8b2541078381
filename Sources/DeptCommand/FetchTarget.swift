import Backbones
import Datasets
import Fetching
import Foundation

/// Something that can be fetched by name.
enum FetchTarget {
  case dataset(any Dataset)
  case backbone(BackboneID, isShipped: Bool)

  /// The targets of names, in their order; `all` stands for every data set.
  ///
  /// - Parameter withBackbones: `all` stands for the backbones of the catalogue as well.
  /// - Throws: `DatasetError.unknown` with the nearest names of both kinds.
  static func named(_ names: [String], withBackbones: Bool) throws -> [FetchTarget] {
    let datasets = DatasetCatalogue.standard
    let backbones = BackboneCatalogue.standard.entries
    return try names.flatMap { name -> [FetchTarget] in
      if name == "all" {
        let all = datasets.datasets.map { FetchTarget.dataset($0) }
        return withBackbones ? all + backbones.map { FetchTarget($0) } : all
      }
      if let entry = backbones.first(where: { $0.id.rawValue == name }) {
        return [FetchTarget(entry)]
      }
      do {
        let dataset = try datasets.dataset(DatasetID(rawValue: name))
        let isFile = name.hasSuffix(".jsonl") || FileManager.default.fileExists(atPath: name)
        // `organisation/name` reads like a path, but is a backbone unless there is such a file.
        if dataset is OwnDataset, !isFile {
          return [.backbone(BackboneID(rawValue: name), isShipped: false)]
        }
        return [.dataset(dataset)]
      } catch DatasetError.unknown(let id, _) {
        let known = datasets.datasets.map(\.id.rawValue) + backbones.map(\.id.rawValue)
        let nearest = NameDistance.nearest(to: name, among: known)
        throw DatasetError.unknown(id, nearest: nearest.map { DatasetID(rawValue: $0) })
      }
    }
  }

  private init(_ entry: BackboneCatalogue.Entry) {
    self = .backbone(entry.id, isShipped: entry.shippedDirectory != nil)
  }

  var name: String {
    switch self {
    case .dataset(let dataset): dataset.id.rawValue
    case .backbone(let id, _): id.rawValue
    }
  }

  var kind: String {
    switch self {
    case .dataset: "dataset"
    case .backbone: "backbone"
    }
  }

  func isAvailable(_ surroundings: Surroundings) -> Bool {
    switch self {
    case .dataset(let dataset): surroundings.has(dataset)
    case .backbone(let id, _): (try? surroundings.backboneDirectory(id)) != nil
    }
  }

  func fetch(
    _ surroundings: Surroundings, again: Bool, progress: @escaping @Sendable (FetchEvent) -> Void
  ) throws -> FetchReport {
    switch self {
    case .dataset(let dataset):
      let fetcher = surroundings.fetcher(cache: surroundings.dataDirectory, progress: progress)
      return try fetcher.fetch(dataset, again: again)
    case .backbone(let id, let isShipped):
      let cache = surroundings.backbonesDirectory
      if isShipped { return .builtIn(id.rawValue, in: cache) }
      return try surroundings.fetcher(cache: cache, progress: progress).fetchBackbone(
        id.rawValue, endpoint: surroundings.huggingFaceEndpoint ?? "https://huggingface.co",
        token: surroundings.huggingFaceToken, again: again)
    }
  }
}
