import Foundation
import Testing

@testable import Fetching

@Suite struct TransferBoardTests {
  @Test("each running transfer has a bar, and all have a line with rate and time left")
  func bars() {
    var board = TransferBoard()
    #expect(board.lines(width: 80).isEmpty)
    board.note(.planned(files: 3), at: 0)
    for name in ["a.zip", "b.zip"] {
      board.note(.started(url: "https://e.org/\(name)", resumedFrom: 0), at: 0)
    }
    for second in 1...10 {
      let at = Double(second)
      board.note(
        .received(url: "https://e.org/a.zip", bytes: second * 50_000, total: 1_000_000), at: at)
      board.note(
        .received(url: "https://e.org/b.zip", bytes: second * 50_000, total: 2_000_000), at: at)
    }
    let lines = board.lines(width: 120)
    #expect(lines.count == 3)
    let half = String(repeating: "█", count: 12) + String(repeating: "░", count: 12)
    #expect(lines[0].hasPrefix("a.zip ") && lines[0].hasSuffix("\(half) 500.0 kB of 1.0 MB"))
    #expect(lines[2].hasPrefix("0 of 3 files  1.0 MB of 3.0 MB  "))
    // 100 kB a second have 2 MB before them.
    #expect(lines[2].hasSuffix("kB/s  \(left(board)) left"))
    #expect(board.lines(width: 30).allSatisfy { $0.count <= 30 })

    board.note(.brought(url: "https://e.org/a.zip"), at: 10)
    board.note(.ended(url: "https://e.org/a.zip"), at: 10)
    board.note(.unpacking(name: "a.zip"), at: 10)
    #expect(board.lines(width: 80)[1] == "unpacking a.zip")
    #expect(board.lines(width: 80)[2].hasPrefix("1 of 3 files  1.0 MB of 2.5 MB"))
    board.note(.unpacked(name: "a.zip"), at: 11)
    board.note(.ended(url: "https://e.org/b.zip"), at: 11)
    #expect(board.lines(width: 80).isEmpty && !board.isBusy)
  }

  @Test("a transfer whose length nobody knows has no bar and no time left")
  func unknownLength() {
    var board = TransferBoard()
    board.note(.started(url: "https://e.org/a", resumedFrom: 10), at: 0)
    board.note(.received(url: "https://e.org/a", bytes: 2000, total: nil), at: 1)
    let lines = board.lines(width: 80)
    #expect(lines[0] == "a".padding(toLength: 24, withPad: " ", startingAt: 0) + " 2.0 kB")
    #expect(lines[1] == "2.0 kB  2.0 kB/s", "what was there before has not arrived now")
  }

  @Test("the rate follows what happens, but smoothly")
  func rate() throws {
    var rate = TransferRate()
    rate.add(0, at: 0)
    #expect(rate.value == nil)
    for tick in 1...100 { rate.add(1000, at: Double(tick) / 10) }
    #expect(abs(try #require(rate.value) - 10_000) < 1)
    rate.add(0, at: 11)
    let slower = try #require(rate.value)
    #expect(slower > 6000 && slower < 9000)
    rate.add(0, at: 40)
    #expect(try #require(rate.value) < 10)
  }

  @Test("bytes are written and read in powers of 1000")
  func byteCount() {
    #expect(FileSize.text(999) == "999 B" && FileSize.text(1500) == "1.5 kB")
    #expect(FileSize.text(12_000_000) == "12.0 MB" && FileSize.text(1 << 34) == "17.18 GB")
    let sizes = ["20GB": 20_000_000_000, "1.5 tb": 1_500_000_000_000, "7": 7, "2GiB": 2 << 30]
    for (text, bytes) in sizes { #expect(FileSize.bytes(text) == bytes, "\(text)") }
    for text in ["", "GB", "-1", "1x", "5i", "5ib", "1e9", "99999999999TB"] {
      #expect(FileSize.bytes(text) == nil, "\(text)")
    }
  }

  /// The time left at the board's own rate.
  private func left(_ board: TransferBoard) -> String {
    let pieces = board.lines(width: 200).last?.components(separatedBy: "  ") ?? []
    return pieces.last.map { String($0.dropLast(" left".count)) } ?? ""
  }
}
