import Experiments
import Testing

@testable import ScriptRunner

@Suite struct BacktraceTests {
  private let text = """
    Swift/ContiguousArrayBuffer.swift:691: Fatal error: Index out of range

    *** Program crashed: Illegal instruction at 0x00007f0d ***

    Thread 0 "sweep" crashed:

    0 0x1 _assertionFailure(_:_:file:line:flags:) + 354 in libswiftCore.so
    1 [ra] 0x2 Sweep.plan.getter + 1 in sweep at /place/x/sweep.swift:12:34
    2 [ra] 0x3 static Sweep.$main() + 1 in sweep at /place/x/sweep.swift:3:1
    """

  @Test("the innermost line of the script is where it stopped")
  func frame() {
    let trace = Backtrace(text)
    #expect(
      trace.firstFrame(in: "x/sweep.swift") == SourceLocation(file: "x/sweep.swift", line: 12))
    #expect(trace.firstFrame(in: "other.swift") == nil)
    #expect(trace.reason == "Index out of range")
  }

  @Test("a crash without a message still says what it was")
  func crash() {
    let bare = text.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(Backtrace(bare).reason == "Illegal instruction at 0x00007f0d")
    #expect(Backtrace("").reason == nil)
  }

  @Test("calls nested thousands deep are endless")
  func endless() {
    #expect(!Backtrace(text).isEndless)
    let deep = "24750 [ra]  0x000055b5bcb03522 Sweep.first.getter + 369 in sweep at /x.swift:5:7"
    #expect(Backtrace("\(text)\n\(deep)").isEndless)
  }
}
