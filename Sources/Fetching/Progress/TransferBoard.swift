import Foundation

/// What all running transfers and unpackings have come to, and how that is drawn: a line for each,
/// and a line for all.
public struct TransferBoard: Hashable, Sendable {
  private struct Transfer: Hashable {
    var url: String
    var bytes: Int
    var total: Int?
  }

  private var running: [Transfer] = []
  private var unpacking: [String] = []
  private var planned = 0
  private var brought = 0
  /// The bytes of transfers that have ended.
  private var ended = 0
  private var rate = TransferRate()

  public init() {}

  /// Whether something runs.
  public var isBusy: Bool { !running.isEmpty || !unpacking.isEmpty }

  /// Takes in an event of the moment `now`, in seconds.
  public mutating func note(_ event: FetchEvent, at now: Double) {
    switch event {
    case .planned(let files): planned += files
    case .brought: brought += 1
    case .started(let url, let bytes):
      rate.add(0, at: now)
      set(Transfer(url: url, bytes: bytes))
    case .received(let url, let bytes, let total):
      let before = running.first { $0.url == url }?.bytes ?? bytes
      rate.add(max(0, bytes - before), at: now)
      set(Transfer(url: url, bytes: bytes, total: total))
    case .ended(let url):
      ended += running.first { $0.url == url }?.bytes ?? 0
      running.removeAll { $0.url == url }
    case .unpacking(let name): unpacking.append(name)
    case .unpacked(let name):
      if let index = unpacking.firstIndex(of: name) { unpacking.remove(at: index) }
    case .waiting, .retrying, .discarded, .unusable: break
    }
  }

  /// The lines to draw, each of at most `width` characters; none while nothing runs.
  public func lines(width: Int) -> [String] {
    guard isBusy else { return [] }
    let bars = running.map { TransferBoard.bar($0.url, $0.bytes, $0.total) }
    let lines = bars + unpacking.map { "unpacking \($0)" } + [total]
    return lines.map { String($0.prefix(max(1, width))) }
  }

  /// `3 of 8 files  12.0 MB of 40.1 MB  2.1 MB/s  14 s left`
  private var total: String {
    let here = ended + running.reduce(0) { $0 + $1.bytes }
    let known = running.reduce(ended) { $0 + max($1.bytes, $1.total ?? $1.bytes) }
    var pieces: [String] = []
    // Files that were not planned are those of a backbone, which are found on the way.
    if planned >= brought, planned > 0 { pieces.append("\(brought) of \(planned) files") }
    let isKnown = running.allSatisfy { $0.total != nil }
    pieces.append(FileSize.text(here) + (isKnown ? " of \(FileSize.text(known))" : ""))
    if let rate = rate.value, !running.isEmpty {
      pieces.append("\(FileSize.text(Int(rate)))/s")
      if isKnown, rate >= 1 {
        pieces.append("\(TransferBoard.time(Double(known - here) / rate)) left")
      }
    }
    return pieces.joined(separator: "  ")
  }

  private mutating func set(_ transfer: Transfer) {
    if let index = running.firstIndex(where: { $0.url == transfer.url }) {
      running[index] = transfer
    } else {
      running.append(transfer)
    }
  }

  private static func bar(_ url: String, _ bytes: Int, _ total: Int?) -> String {
    let last = url.split(separator: "/").last.map(String.init) ?? url
    let name = last.padding(toLength: 24, withPad: " ", startingAt: 0)
    guard let total, total > 0 else { return "\(name) \(FileSize.text(bytes))" }
    let filled = min(24, Int(24 * Double(bytes) / Double(total)))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    return "\(name) \(bar) \(FileSize.text(bytes)) of \(FileSize.text(total))"
  }

  /// Seconds as people read them.
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 359_999))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}
