import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct BackboneFetchTests {
  @Test("a backbone's files are brought from its repository, optional ones where they exist")
  func whole() throws {
    let server = try TinyServer(
      pages(
        "org/tiny", ["config.json", "model.safetensors", "spiece.model", "generation_config.json"]))
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url)
    let report = try fetcher.fetchBackbone("org/tiny", endpoint: server.base, token: "secret")
    #expect(report.folder == folder.url.appending(path: "org/tiny"))
    #expect(
      report.sources.map { $0.url.split(separator: "/").last } == [
        "config.json", "model.safetensors", "spiece.model", "generation_config.json",
      ])
    let weights = report.folder.appending(path: "model.safetensors")
    #expect(try Data(contentsOf: weights) == Data("model.safetensors".utf8))
    #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
    let asked = server.requests.count
    #expect(try fetcher.fetchBackbone("org/tiny", endpoint: server.base).outcome == .present)
    #expect(server.requests.count == asked)
    let again = try fetcher.fetchBackbone("org/tiny", endpoint: server.base, again: true)
    #expect(again.outcome == .fetched)
  }

  @Test("sharded weights are brought by their index")
  func sharded() throws {
    var all = pages(
      "org/big", ["config.json", "tokenizer.json", "a-2.safetensors", "a-1.safetensors"])
    let index =
      #"{"weight_map": {"x": "a-2.safetensors", "y": "a-1.safetensors", "z": "a-1.safetensors"}}"#
    all["/org/big/resolve/main/model.safetensors.index.json"] = .init(body: Data(index.utf8))
    let server = try TinyServer(all)
    let folder = try TemporaryFolder()
    let report = try Fetcher(cache: folder.url).fetchBackbone("org/big", endpoint: server.base)
    #expect(report.sources.count == 5)
  }

  @Test("an old short name is looked for under its organisation first, then as it is")
  func shortNames() throws {
    let folder = try TemporaryFolder()
    for repository in ["google-t5/t5-small", "t5-small"] {
      let server = try TinyServer(
        pages(repository, ["config.json", "model.safetensors", "spiece.model"]))
      let report = try Fetcher(cache: folder.url)
        .fetchBackbone("t5-small", endpoint: server.base, again: true)
      #expect(report.folder == folder.url.appending(path: "t5-small"))
    }
  }

  @Test("a repository without safetensors or vocabulary is refused, a bad name as well")
  func incomplete() throws {
    let server = try TinyServer(pages("org/bin", ["config.json", "pytorch_model.bin"]))
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url)
    #expect(
      throws: FetchError.incompleteBackbone(
        name: "org/bin", missing: "weights in safetensors format")
    ) { try fetcher.fetchBackbone("org/bin", endpoint: server.base) }
    server.replace("/org/bin/resolve/main/model.safetensors", .init(body: Data()))
    #expect(throws: FetchError.incompleteBackbone(name: "org/bin", missing: "vocabulary")) {
      try fetcher.fetchBackbone("org/bin", endpoint: server.base)
    }
    #expect(
      throws: FetchError.http(
        status: 404, url: "\(server.base)/org/none/resolve/main/config.json")
    ) { try fetcher.fetchBackbone("org/none", endpoint: server.base) }
    for name in ["../x", "a/b/c", "", "a//b", "a b", "/etc", ".downloads/x", "x/.y"] {
      #expect(throws: FetchError.badBackboneName(name)) { try fetcher.fetchBackbone(name) }
    }
  }

  @Test("the SHA-256 the repository announces for large files is checked")
  func announced() throws {
    var all = pages("org/tiny", ["config.json", "spiece.model"])
    all["/org/tiny/resolve/main/model.safetensors"] = ServedPage(
      body: Data(), status: 302, location: "/store",
      headers: ["X-Linked-ETag: \"\(String(repeating: "ab", count: 32))\""])
    all["/store"] = ServedPage(body: Data("weights".utf8))
    let server = try TinyServer(all)
    let folder = try TemporaryFolder()
    let error = #expect(throws: FetchError.self) {
      try Fetcher(cache: folder.url).fetchBackbone("org/tiny", endpoint: server.base)
    }
    guard case .checksum = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  private func pages(_ repository: String, _ files: [String]) -> [String: ServedPage] {
    var pages: [String: ServedPage] = [:]
    for file in files {
      pages["/\(repository)/resolve/main/\(file)"] = ServedPage(body: Data(file.utf8))
    }
    return pages
  }
}
