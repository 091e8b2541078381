import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct FileLockTests {
  @Test("a second holder waits until the first lets go")
  func exclusion() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "a/x.lock")
    var first: FileLock? = try FileLock(file)
    let release = DispatchSemaphore(value: 0)
    let waited = Flag()
    let second = Thread {
      _ = try? FileLock(file) { waited.set() }
      release.signal()
    }
    second.start()
    while !waited.isSet { try await Task.sleep(for: .milliseconds(2)) }
    #expect(release.wait(timeout: .now() + 0.05) == .timedOut)
    withExtendedLifetime(first) {}
    first = nil
    #expect(release.wait(timeout: .now() + 5) == .success)
  }

  @Test("two fetches of the same data set at once download it once")
  func sameTime() async throws {
    let body = Data(repeating: 5, count: 300_000)
    let server = try TinyServer(["/example.org/a": ServedPage(body: body)])
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    let file = RemoteFile("https://example.org/a", .plain)
    let outcomes = try await withThrowingTaskGroup(of: FetchReport.Outcome.self) { group in
      for _ in 0..<2 { group.addTask { try fetcher.fetch("x", [file]).outcome } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(outcomes) == [.fetched, .present])
    #expect(server.requests.count == 1)
  }
}

/// A mark that one thread sets and another reads; a class because both hold it.
private final class Flag: @unchecked Sendable {  // Its lock guards the value.
  private let lock = NSLock()
  private var value = false
  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }
}
