#if os(Linux)
import DeptTesting
import Foundation
import Testing

@testable import TensorEngine

@Suite("Memory that cannot be had")
struct MemoryShortageTests {
  private static let mebibyte = 1 << 20

  /// What the system would say, in files of our own.
  private func system(_ files: [String: String]) throws -> (SystemMemory, TemporaryFolder) {
    let folder = try TemporaryFolder()
    for (path, text) in files {
      let file = URL(filePath: folder.path + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return (SystemMemory(root: folder.path), folder)
  }

  /// What is left, going by such files.
  private func available(_ files: [String: String]) throws -> Int? {
    let (system, folder) = try system(files)
    return withExtendedLifetime(folder) { system.availableBytes }
  }

  private func shortage(_ body: () throws -> Void) -> MemoryShortage? {
    do {
      try body()
      return nil
    } catch {
      return error as? MemoryShortage
    }
  }

  @Test("growth over the limit is refused, with what was needed and what was there")
  func limit() throws {
    let pool = MemoryPool()
    // Nothing of it is touched. The margins are for what other tests have meanwhile.
    let limit = (ProcessMemory()?.own ?? 0) + (8 << 30)
    pool.limit = limit
    let first = try pool.grow(by: 5 << 30)
    let refused = try #require(shortage { pool.give(try pool.grow(by: 5 << 30)) })
    #expect(refused.requested == 5 << 30)
    #expect(refused.bound == .limit(limit))
    let available = try #require(refused.available)
    #expect(available < 4 << 30)
    #expect(refused.inUse >= 5 << 30)
    // What lies free makes room.
    pool.give(first)
    pool.give(try pool.grow(by: 6 << 30))
    #expect(pool.residentBytes == 6 << 30)
    pool.limit = nil
    pool.drain()
  }

  @Test("large growth is refused before the system would kill for it")
  func preflight() throws {
    let (system, folder) = try system([
      "/proc/meminfo": "MemTotal: 900000 kB\nMemAvailable: \(300 << 10) kB\nSwapFree: 0 kB\n"
    ])
    defer { withExtendedLifetime(folder) {} }
    let pool = MemoryPool(system: system)
    let refused = try #require(shortage { pool.give(try pool.grow(by: 300 << 20)) })
    #expect(refused.bound == .machine)
    #expect(refused.requested == 300 << 20)
    // A part is left to the machine; the margin is for what other tests have promised.
    let available = try #require(refused.available)
    #expect(available <= (300 - 64) << 20 && available > 100 << 20)
    // Small growth is not weighed until it adds up.
    let small = try (0..<3).map { _ in try pool.grow(by: Self.mebibyte) }
    for block in small { pool.give(block) }
    pool.drain()
  }

  @Test("what the system itself refuses is told in the same way")
  func refused() throws {
    let pool = MemoryPool(system: SystemMemory(root: "/nowhere"))
    let refused = try #require(shortage { pool.give(try pool.grow(by: 1 << 50)) })
    #expect(refused.bound == .system)
    #expect(refused.description.hasPrefix("out of memory: 1048576 GiB more are needed, the system"))
  }

  @Test("what is left is the least of machine, control groups and addresses")
  func available() throws {
    let machine = "MemAvailable:    1000 kB\nSwapFree:   24 kB\n"
    #expect(try available(["/proc/meminfo": machine]) == 1024 << 10)
    let unlimited = [
      "/proc/meminfo": machine, "/proc/self/cgroup": "0::/a/b\n",
      "/sys/fs/cgroup/a/b/memory.max": "max\n", "/sys/fs/cgroup/a/b/memory.current": "7\n",
    ]
    #expect(try available(unlimited) == 1024 << 10)
    let newer = unlimited.merging([
      "/sys/fs/cgroup/a/memory.max": "500000\n", "/sys/fs/cgroup/a/memory.current": "400000\n",
      "/sys/fs/cgroup/a/memory.stat": "anon 1\ninactive_file 30000\nactive_file 5000\n",
    ]) { $1 }
    #expect(try available(newer) == 135_000)
    let older = [
      "/proc/meminfo": machine, "/proc/self/cgroup": "4:cpu,memory:/docker/x\n1:name=a:/y\n",
      // Inside a container only the top can be seen.
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "600000\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "600000\n",
      "/sys/fs/cgroup/memory/memory.stat": "total_inactive_file 1000\ntotal_active_file 200\n",
    ]
    #expect(try available(older) == 1200)
    let addresses = [
      "/proc/meminfo": machine,
      "/proc/self/limits":
        "Limit  Soft Hard\nMax address space         900000   unlimited  bytes\n",
      "/proc/self/status": "VmSize:\t  600 kB\nRssAnon:\t 10 kB\n",
    ]
    #expect(try available(addresses) == 900_000 - 600 * 1024)
    #expect(SystemMemory(root: "/nowhere").availableBytes == nil)
    let here = try #require(SystemMemory().availableBytes)
    #expect(here > 1 << 20)
  }

  @Test("a shortage is told with sizes that people can read")
  func description() {
    let shortage = MemoryShortage(
      requested: 3 << 29, inUse: 413 << 20, available: (87 << 20) + (1 << 19),
      bound: .limit(500 << 20))
    #expect(
      shortage.description
        == "out of memory: 1536 MiB more are needed, 87.5 MiB are left of the 500 MiB that the "
        + "limit allows, and 413 MiB are in use")
    #expect(MemoryShortage.text(1000) == "1 KiB")
    #expect(MemoryShortage.text(12 << 30) == "12 GiB")
  }
}
#endif
