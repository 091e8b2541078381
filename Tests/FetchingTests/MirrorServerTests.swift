import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

/// The public archives, served as badly as servers do.
@Suite(.enabled(if: SharedMirror.folder != nil, "needs the shared mirror of public archives"))
struct MirrorServerTests {
  @Test(
    "every data set arrives whole from a server with faults of all kinds", arguments: [1, 2])
  func faults(_ seed: UInt64) throws {
    let mirror = try #require(SharedMirror.folder)
    let datasets = DatasetCatalogue.standard.datasets.filter { dataset in
      !dataset.sources.isEmpty
        && dataset.sources.allSatisfy {
          FileManager.default.fileExists(
            atPath: mirror.appending(path: Mirror.hostAndPath($0.url)).path)
        }
    }
    #expect(!datasets.isEmpty)
    let faults = Faults(seed: seed, mirror: mirror)
    let server = try TinyServer([:]) { faults.page(for: $0) }
    let (bad, good) = (try TemporaryFolder(), try TemporaryFolder())
    var fetcher = Fetcher(cache: bad.url, mirror: Mirror(server.base))
    fetcher.policy = RetryPolicy(attempts: 40, firstPause: 0.0001, longestPause: 0.001)
    fetcher.lock = DataLockFile(bad.url.appending(path: "data.lock"))
    let reference = Fetcher(cache: good.url, mirror: .directory(mirror))
    let results = ParallelWork.map(datasets.count, width: 4) { [fetcher] index in
      Result { () throws(FetchError) in
        (try fetcher.fetch(datasets[index]), try reference.fetch(datasets[index]))
      }
    }
    for result in results {
      let (fetched, expected) = try result.get()
      #expect(fetched.sources == expected.sources)
      #expect(FetchManifest(in: fetched.folder) == FetchManifest(in: expected.folder))
    }
    #expect(server.requests.count > datasets.reduce(0) { $0 + $1.sources.count })
  }
}

/// Decides for each request what goes wrong; a class because the server's threads share it.
private final class Faults: @unchecked Sendable {  // Its lock guards the numbers.
  private let lock = NSLock()
  private var random: SplitMix
  private let mirror: URL

  init(seed: UInt64, mirror: URL) {
    random = SplitMix(state: seed)
    self.mirror = mirror
  }

  func page(for request: ServedRequest) -> ServedPage? {
    guard let body = try? Data(contentsOf: mirror.appending(path: request.path.dropFirst()))
    else { return nil }
    return lock.withLock {
      var page = ServedPage(body: body)
      switch Int.random(in: 0..<9, using: &random) {
      case 0: page.failures = [.closed]
      case 1: page.failures = [.status(429, headers: ["Retry-After: 0"])]
      case 2: page.failures = [.status(500)]
      case 3: page.longestRange = max(1, body.count / 3)
      case 4: page.isChunked = true
      case 5: break
      default: page.barrier = Int.random(in: 0...body.count, using: &random)
      }
      return page
    }
  }
}
