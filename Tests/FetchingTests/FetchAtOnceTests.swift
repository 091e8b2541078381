import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct FetchAtOnceTests {
  @Test("work is done at most so many at once, and its results come in order")
  func parallelWork() {
    let meter = Meter()
    var order: [Int] = []
    let results = ParallelWork.map(12, width: 3) { index in
      meter.enter()
      Thread.sleep(forTimeInterval: index % 3 == 0 ? 0.01 : 0.001)
      meter.leave()
      return index * index
    } inOrder: { index, value in
      #expect(value == index * index)
      order.append(index)
    }
    #expect(results == (0..<12).map { $0 * $0 } && order == Array(0..<12))
    #expect((1...3).contains(meter.most))
    #expect(ParallelWork.map(0, width: 4) { $0 }.isEmpty)
  }

  @Test("the files of one data set are brought at once, within the limit of the pool")
  func files() throws {
    let names = (0..<8).map { "/e.org/\($0)" }
    let meter = Meter()
    let server = try TinyServer([:]) { request in
      meter.enter()
      Thread.sleep(forTimeInterval: 0.02)
      meter.leave()
      return ServedPage(body: Data(request.path.utf8))
    }
    let folder = try TemporaryFolder()
    let events = Events()
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base)) { events.add($0) }
    fetcher.pool = TransferPool(jobs: 3)
    let report = try fetcher.fetch("x", names.map { RemoteFile("https:/\($0)", .plain) })
    #expect(report.sources.map(\.url) == names.map { "https:/\($0)" }, "in their order")
    for name in names {
      let file = folder.url.appending(path: "x/\(name.suffix(1))")
      #expect(try Data(contentsOf: file) == Data(name.utf8))
    }
    #expect((1...3).contains(meter.most))
    #expect(events.all.first == .planned(files: 8))
    #expect(events.all.count { if case .brought = $0 { true } else { false } } == 8)
  }

  @Test("one file that fails keeps the data set away, but not the other files")
  func failure() throws {
    let server = try TinyServer(["/e.org/b": ServedPage(body: Data("b".utf8))])
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    let files = ["a", "b"].map { RemoteFile("https://e.org/\($0)", .plain) }
    #expect(throws: FetchError.http(status: 404, url: "\(server.base)/e.org/a")) {
      try fetcher.fetch("x", files)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "x").path))
    server.replace("/e.org/a", ServedPage(body: Data("a".utf8)))
    _ = try fetcher.fetch("x", files)
    #expect(server.requests.count { $0.path == "/e.org/b" } == 1)
  }

  @Test("data sets that share a file fetch at once and each get it")
  func shared() throws {
    let archive = try TestArchive.data([.init(path: "WSC/a", text: "a")], .zip)
    let server = try TinyServer([
      "/e.org/w.zip": ServedPage(body: archive, pause: 0.01),
      "/e.org/p": ServedPage(body: Data(repeating: 1, count: 50_000), pause: 0.005),
    ])
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    let files = [
      RemoteFile("https://e.org/w.zip", .archive), RemoteFile("https://e.org/p", .plain),
    ]
    let results = ParallelWork.map(4, width: 4) { index in
      Result { () throws(FetchError) in
        try fetcher.fetch("x\(index)", index % 2 == 0 ? files : files.reversed())
      }
    }
    for (index, result) in results.enumerated() {
      #expect(try result.get().outcome == .fetched)
      let place = folder.url.appending(path: "x\(index)")
      #expect(FileManager.default.size(of: place.appending(path: "p")) == 50_000)
      #expect(FileManager.default.size(of: place.appending(path: "WSC/a")) == 1)
    }
    #expect(server.requests.count { $0.path == "/e.org/w.zip" } == 1)
  }
}

/// How many are inside, and were at most; a class because threads share it.
final class Meter: @unchecked Sendable {  // Its lock guards the numbers.
  private let lock = NSLock()
  private var inside = 0
  private var highest = 0
  var most: Int { lock.withLock { highest } }
  func enter() {
    lock.withLock {
      inside += 1
      highest = max(highest, inside)
    }
  }
  func leave() { lock.withLock { inside -= 1 } }
}

/// What a fetch told; a class because threads share it.
final class Events: @unchecked Sendable {  // Its lock guards the list.
  private let lock = NSLock()
  private var list: [FetchEvent] = []
  var all: [FetchEvent] { lock.withLock { list } }
  func add(_ event: FetchEvent) { lock.withLock { list.append(event) } }
}
