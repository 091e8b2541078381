import DeptTesting
import Foundation
import Testing

/// `dept fetch` as a process: killed, started again, and started twice.
@Suite(
  .enabled(if: DeptProcess.executable != nil, "dept was not built with the tests"), .serialized)
struct FetchProcessTests {
  static let path = "/dl.fbaipublicfiles.com/glue/data/RTE.zip"
  static let table = Data((0..<60_000).flatMap { Array("\($0)\tone\ttwo\tentailment\n".utf8) })
  static let archive = TapeArchive.data(["RTE/train.tsv": table, "RTE/dev.tsv": table])

  @Test("killed in the middle of a transfer again and again, it goes on each time")
  func killedInTransfer() throws {
    let server = try TinyServer([Self.path: ServedPage(body: Self.archive, pause: 0.005)])
    let process = try DeptProcess()
    defer { process.remove() }
    let part = process.folder.appending(path: ".dept/data/.downloads\(Self.path).part")
    var here = 0
    for _ in 0..<4 {
      let fetch = try process.begin("fetch", "rte", environment: ["DEPT_MIRROR": server.base])
      while fetch.isRunning, size(part) < here + 200_000 { try expectNoHalfFile(process) }
      fetch.kill()
      _ = try fetch.wait()
      here = size(part)
      #expect(here > 0 && here < Self.archive.count)
      try expectNoHalfFile(process)
    }
    server.replace(Self.path, ServedPage(body: Self.archive))
    let outcome = try process.dept("fetch", "rte", environment: ["DEPT_MIRROR": server.base])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains(" goes on at "))
    try expectWhole(process)
    #expect(
      server.requests.count == 5
        && server.requests.dropFirst().allSatisfy { $0.headers["range"] != nil })
    #expect(server.requests.last?.headers["range"] == "bytes=\(here)-")
  }

  @Test("killed in the middle of unpacking, it leaves nothing half, and what there was before")
  func killedInUnpacking() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let big = Data(repeating: 0x61, count: 48 << 20)
    try write(TapeArchive.data(["RTE/train.tsv": big, "RTE/dev.tsv": Self.table]), process)
    let unpacked = process.folder.appending(
      path: ".dept/data/.staging/rte.unpacking/RTE/train.tsv")
    for _ in 0..<3 {
      let fetch = try process.begin(
        "fetch", "rte", "--again", environment: ["DEPT_MIRROR": "mirror"])
      while fetch.isRunning, size(unpacked) == 0 {}
      fetch.kill()
      _ = try fetch.wait()
      let place = process.folder.appending(path: ".dept/data/rte/RTE/train.tsv")
      let found = size(place)
      #expect(found == 0 || found == big.count)
    }
    try write(Self.archive, process)
    let outcome = try process.dept(
      "fetch", "rte", "--accept-changes", environment: ["DEPT_MIRROR": "mirror"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    try expectWhole(process)
    let leftovers = FileManager.default.subpaths(
      atPath: process.folder.appending(path: ".dept/data/.staging").path)
    #expect(leftovers?.isEmpty == true)
  }

  @Test("two processes that fetch the same do it once")
  func twice() throws {
    let server = try TinyServer([Self.path: ServedPage(body: Self.archive, pause: 0.005)])
    let process = try DeptProcess()
    defer { process.remove() }
    let environment = ["DEPT_MIRROR": server.base]
    let both = try (0..<2).map { _ in try process.begin("fetch", "rte", environment: environment) }
    let outcomes = try both.map { try $0.wait() }
    #expect(outcomes.map(\.code) == [0, 0], "\(outcomes.map(\.errors))")
    #expect(outcomes.count { $0.output.hasPrefix("rte: fetched, ") } == 1)
    #expect(outcomes.count { $0.output == "rte: is here already\n" } == 1)
    #expect(server.requests.count == 1)
    try expectWhole(process)
  }

  @Test("what fails is told in the order of the names, and keeps nothing else away")
  func order() throws {
    let server = try TinyServer([
      Self.path: ServedPage(body: Self.archive, pause: 0.001),
      "/dl.fbaipublicfiles.com/glue/superglue/data/v2/CB.zip": ServedPage(
        body: TapeArchive.data([
          "CB/train.jsonl": Data("{}".utf8), "CB/val.jsonl": Data("{}".utf8),
        ])),
    ])
    let process = try DeptProcess()
    defer { process.remove() }
    let environment = ["DEPT_MIRROR": server.base]
    let outcome = try process.dept("fetch", "rte", "sst2", "cb", environment: environment)
    #expect(outcome.code == 69)
    let names = outcome.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(names == ["rte", "cb"])
    #expect(outcome.errors.contains("SST-2.zip answered with HTTP status 404"))
    let listed = try process.dept(
      "fetch", "cb", "sst2", "rte", "--json", environment: environment)
    #expect(listed.code == 69)
    let rows = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]]
    #expect(rows?.compactMap { $0["name"] as? String } == ["cb", "sst2", "rte"])
    #expect(rows?.compactMap { $0["outcome"] as? String } == ["present", "failed", "present"])
    try process.write("not a folder", to: "file")
    let unwritable = try process.dept("fetch", "rte", "--home", "file/home")
    #expect(unwritable.code == 69 && unwritable.errors.contains("file/home"))
    #expect(unwritable.errors.split(separator: "\n").count == 1)
  }

  @Test("a file that has changed is refused with code 65 until it is accepted; git keeps the lock")
  func changed() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write("// a package", to: "Package.swift")
    try write(Data("nothing".utf8), process, at: "experiments/own.swift")
    try write(Self.archive, process)
    let environment = ["DEPT_MIRROR": "mirror"]
    #expect(try process.dept("fetch", "rte", environment: environment).code == 0)
    let lock = try process.read("experiments/data.lock")
    #expect(lock.contains("    \"https:/\(Self.path)\": {\"bytes\": \(Self.archive.count), "))
    try write(
      TapeArchive.data(["RTE/train.tsv": Data("new".utf8), "RTE/dev.tsv": Self.table]), process)
    let refused = try process.dept("fetch", "rte", "--again", environment: environment)
    #expect(refused.code == 65 && refused.errors.contains("dept fetch rte --accept-changes"))
    #expect(try process.read("experiments/data.lock") == lock)
    try expectWhole(process)
    let taken = try process.dept("fetch", "rte", "--accept-changes", environment: environment)
    #expect(taken.code == 0, "\(taken.errors)")
    #expect(try process.read("experiments/data.lock") != lock)
    #expect(try process.read(".dept/data/rte/RTE/train.tsv") == "new")
    let other = try process.dept(
      "fetch", "rte", "--again", "--lock", "other/lock.json", environment: environment)
    #expect(
      other.code == 0
        && FileManager.default.fileExists(
          atPath: process.folder.appending(path: "other/lock.json").path)
    )
  }

  @Test("while something is fetched nothing is removed, afterwards what is left of it is")
  func garbage() throws {
    let server = try TinyServer([Self.path: ServedPage(body: Self.archive, pause: 0.05)])
    let process = try DeptProcess()
    defer { process.remove() }
    let part = process.folder.appending(path: ".dept/data/.downloads\(Self.path).part")
    let fetch = try process.begin("fetch", "rte", environment: ["DEPT_MIRROR": server.base])
    while fetch.isRunning, size(part) == 0 {}
    let early = try process.dept("gc")
    #expect(early.code == 75 && early.errors.contains("a fetch is using"))
    #expect(size(part) > 0)
    fetch.kill()
    _ = try fetch.wait()
    let dry = try process.dept("gc", "--dry-run", "--json")
    #expect(try dry.json()["dry_run"] as? Bool == true && size(part) > 0)
    #expect(try process.dept("gc", "--older-than", "1d").output == "nothing to remove\n")
    #expect(try process.dept("gc", "--older-than", "1x").code == 2)
    let outcome = try process.dept("gc", "--json")
    let kinds = try outcome.json()["kinds"] as? [String: [String: Int]]
    #expect(kinds?["partial"]?["files"] == 2 && size(part) == 0)
  }

  @Test("a proxy of the environment is asked instead of the server")
  func proxy() throws {
    let server = try TinyServer([
      "http://mirror.invalid\(Self.path)": ServedPage(body: Self.archive)
    ])
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept(
      "fetch", "rte",
      environment: [
        "DEPT_MIRROR": "http://mirror.invalid", "http_proxy": server.base, "no_proxy": "",
      ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    try expectWhole(process)
  }

  private func size(_ file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  private func write(
    _ data: Data, _ process: DeptProcess, at path: String = "mirror\(FetchProcessTests.path)"
  ) throws {
    let file = process.folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  private func expectNoHalfFile(_ process: DeptProcess) throws {
    let data = process.folder.appending(path: ".dept/data")
    for name in ["rte", ".downloads\(Self.path)"] {
      #expect(!FileManager.default.fileExists(atPath: data.appending(path: name).path))
    }
  }

  private func expectWhole(_ process: DeptProcess) throws {
    for name in ["train", "dev"] {
      let file = process.folder.appending(path: ".dept/data/rte/RTE/\(name).tsv")
      #expect(try Data(contentsOf: file) == Self.table)
    }
  }
}
