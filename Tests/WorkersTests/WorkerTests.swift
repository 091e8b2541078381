import Backbones
import Datasets
import Experiments
import Foundation
import TensorEngine
import Testing
import Training
import Workers

@Suite("A worker's environment")
struct WorkerTests {
  @Test("tells the peak of memory, which grows with what is touched")
  func peakMemory() {
    PeakMemory.reset()
    let before = PeakMemory.bytes
    #expect(before > 1 << 20)
    let count = 64 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 4096)
    memset(memory, 1, count)
    #expect(PeakMemory.bytes >= before + count / 2)
    memory.deallocate()
  }

  #if os(Linux)
  @Test("counts mapped files apart from what the process has for itself")
  func sharedMemory() throws {
    let count = 256 << 20
    let file = URL(filePath: NSTemporaryDirectory()).appending(path: "dept-\(UUID().uuidString)")
    try Data(count: count).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let before = try #require(ProcessMemory())
    let descriptor = open(file.path, O_RDONLY)
    let start = try #require(mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0))
    close(descriptor)
    var sum = 0
    for page in stride(from: 0, to: count, by: 4096) {
      sum += Int(start.load(fromByteOffset: page, as: UInt8.self))
    }
    #expect(sum == 0)
    let after = try #require(ProcessMemory())
    #expect(after.shared - before.shared >= count / 2)
    #expect(after.own - before.own < count / 2)
    #expect(after.ownPeak <= after.peak)
    munmap(start, count)
    #expect(ProcessMemory(pid: 1 << 22 + 1) == nil)
  }
  #endif
}
