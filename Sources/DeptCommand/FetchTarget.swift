import Backbones
import Datasets
import Fetching
import Foundation

/// Something that can be fetched by name.
enum FetchTarget: Sendable {
  case dataset(any Dataset)
  case backbone(BackboneID, isShipped: Bool)

  /// The targets of names, in their order and each once; `all` stands for every data set that does
  /// not keep out of it.
  ///
  /// - Parameter withBackbones: `all` stands for the backbones of the catalogue as well.
  /// - Throws: `Failure` with the nearest names of both kinds.
  static func named(_ names: [String], withBackbones: Bool) throws -> [FetchTarget] {
    let datasets = DatasetCatalogue.standard
    let backbones = BackboneCatalogue.standard.entries
    var seen: Set<String> = []
    return try names.flatMap { name -> [FetchTarget] in
      if name == "all" {
        let all = datasets.datasets.filter { withBackbones || $0.fetchedWithAll }
          .map { FetchTarget.dataset($0) }
        return withBackbones ? all + backbones.map { FetchTarget($0) } : all
      }
      if let entry = backbones.first(where: { $0.id.rawValue == name }) {
        return [FetchTarget(entry)]
      }
      do {
        let dataset = try datasets.dataset(DatasetID(rawValue: name))
        // `organisation/name` reads like a path, but is a backbone unless there is such a file.
        guard dataset is OwnDataset else { return [.dataset(dataset)] }
        if OwnDataset.isFile(name) || FileManager.default.fileExists(atPath: name) {
          throw Failure(.usage, "'\(name)' is a path of your own: there is nothing to fetch for it")
        }
        return [.backbone(BackboneID(rawValue: name), isShipped: false)]
      } catch DatasetError.unknown(let id, _) {
        let known = datasets.datasets.map(\.id.rawValue) + backbones.map(\.id.rawValue)
        let nearest = NameDistance.nearest(to: name, among: known).map { "'\($0)'" }
        let hint =
          nearest.isEmpty
          ? "'dept fetch --list' says what can be"
          : "did you mean \(nearest.joined(separator: " or "))?"
        throw Failure(.invalid, "nothing that can be fetched is called '\(id)'; \(hint)")
      }
    }.filter { seen.insert("\($0.kind) \($0.name)").inserted }
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

  /// What it was made of, where it is here.
  func manifest(_ surroundings: Surroundings) -> FetchManifest? {
    let cache =
      switch self {
      case .dataset: surroundings.dataDirectory
      case .backbone: surroundings.backbonesDirectory
      }
    return FetchManifest(in: cache.appendingPathComponent(name))
  }

  /// The addresses it is made of, as far as they are known before it is fetched.
  ///
  /// - Parameter images: those of its images.
  func urls(images: Bool = false) -> [String] {
    switch self {
    case .dataset(let dataset): (images ? dataset.images : dataset.sources).map(\.url)
    case .backbone: []
    }
  }

  func fetch(_ surroundings: Surroundings, _ wishes: FetchWishes) throws -> FetchReport {
    switch self {
    case .dataset(let dataset):
      return try wishes.fetcher(surroundings, cache: surroundings.dataDirectory)
        .fetch(dataset, again: wishes.again, images: wishes.images)
    case .backbone(let id, let isShipped):
      let cache = surroundings.backbonesDirectory
      if isShipped { return .builtIn(id.rawValue, in: cache) }
      return try wishes.fetcher(surroundings, cache: cache).fetchBackbone(
        id.rawValue, endpoint: surroundings.huggingFaceEndpoint ?? "https://huggingface.co",
        token: surroundings.huggingFaceToken, hub: surroundings.huggingFaceHub,
        again: wishes.again)
    }
  }
}

/// What all targets of one command are fetched with.
struct FetchWishes: Sendable {
  /// Fetch also what is here already.
  var again = false
  var images = false
  /// Files that are not what the lock knows are taken.
  var acceptsChanges = false
  let lock: DataLockFile
  let quota: DiskQuota?
  let pool: TransferPool
  let line: TransferLine

  func fetcher(_ surroundings: Surroundings, cache: URL) -> Fetcher {
    var fetcher = surroundings.fetcher(cache: cache) { line.show($0) }
    fetcher.authorities = CertificateAuthorities(
      file: surroundings.certificateFile, folder: surroundings.certificateFolder)
    fetcher.lock = lock
    fetcher.acceptsChanges = acceptsChanges
    fetcher.quota = quota
    fetcher.pool = pool
    return fetcher
  }
}
