import Backbones
import Datasets
import Experiments
import Foundation
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
}
