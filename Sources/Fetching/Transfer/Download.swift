import Foundation

/// One address that becomes one file: resumed where an earlier attempt stopped, tried again where
/// that can help, hashed on the way.
struct Download {
  let url: String
  let target: URL
  var token: String?
  var authorities = CertificateAuthorities()
  var policy = RetryPolicy()
  /// Whether a page for people is what is wanted.
  var wantsPage = false
  /// The room on the disk that the file will take.
  var space: SpaceClaim?
  /// Decides on the whole file before it gets its name; one that is refused is deleted.
  var approve: (Arrival) throws(FetchError) -> Void = { _ in }
  var report: (FetchEvent) -> Void = { _ in }

  /// What arrived, and the SHA-256 the server named for it, if it did.
  struct Arrival {
    var digest: FileDigest
    var announced: String?
  }

  /// Downloads; afterwards `target` is whole, or its part is kept for the next attempt.
  func run() throws(FetchError) -> Arrival {
    try atFileSystem(target.deletingLastPathComponent().path) {
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    defer { report(.ended(url: url)) }
    var failures = 0
    var farthest = 0
    while true {
      let attempt = try attempt()
      switch attempt.ending {
      case .done(let arrival):
        return arrival
      case .failed(let error, let canHelp, let asked):
        // A server that always cuts at the same place brings nothing new.
        failures = attempt.bytes > farthest ? 1 : failures + 1
        farthest = max(farthest, attempt.bytes)
        guard canHelp, failures < policy.attempts else { throw error }
        if let asked, asked > policy.longestAskedPause {
          throw .asksToWait(url: url, seconds: Int(asked.rounded(.up)))
        }
        let pause = policy.pause(after: failures, asked: asked)
        report(.retrying(url: url, pause: pause, reason: error.brief))
        Thread.sleep(forTimeInterval: pause)
      }
    }
  }

  private struct Attempt {
    enum Ending {
      case done(Arrival)
      case failed(FetchError, canHelp: Bool, asked: Double?)
    }
    var ending: Ending
    /// How many bytes of the file are here.
    var bytes: Int
  }

  private func attempt() throws(FetchError) -> Attempt {
    let part = PartialFile(target: target)
    var digest = FileDigest()
    // Without a name of the version, old and new bytes could be mixed.
    if part.bytes > 0, part.validator != nil {
      digest = try FileDigest(of: part.file)
    } else {
      part.remove()
    }
    report(.started(url: url, resumedFrom: digest.bytes))
    let output = try OutputFile(part.file.path, appending: digest.bytes > 0)
    let purpose = TransferSink.Purpose(
      wantsPage: wantsPage,
      claim: { (bytes) throws(FetchError) in try space?.claim(bytes, for: url) },
      received: { bytes, total in
        if let total { space?.reduce(to: total - bytes) }
        report(.received(url: url, bytes: bytes, total: total))
      })
    let sink = TransferSink(output: output, part: part, digest: digest, purpose: purpose)
    let request = CurlRequest(
      url: url, offset: digest.bytes, validator: part.validator, token: token,
      authorities: authorities)
    let ending = request.perform(into: sink)
    if let fault = sink.fault { throw fault }
    if sink.isWebPage {
      part.remove()
      throw .webPage(place: url)
    }
    return Attempt(
      ending: try judge(ending, sink, part, output), bytes: sink.digest.bytes)
  }

  private func judge(
    _ ending: CurlRequest.Ending, _ sink: TransferSink, _ part: PartialFile, _ output: OutputFile
  ) throws(FetchError) -> Attempt.Ending {
    switch ending {
    case .failed(let reason, let isFinal):
      if part.bytes == 0 { part.remove() }
      return .failed(.network(url: url, reason: reason), canHelp: !isFinal, asked: nil)
    case .answered, .stopped:
      break
    }
    let status = sink.header.status
    if sink.misplaced || (status == 416 && part.bytes > 0) {
      // The part and the server's file do not fit together.
      part.remove()
      let reason = "the server does not continue where the download stopped"
      return .failed(.network(url: url, reason: reason), canHelp: true, asked: nil)
    }
    guard sink.carriesFile else {
      if part.bytes == 0 { part.remove() }
      let temporary = [408, 425, 429, 500, 502, 503, 504].contains(status)
      return .failed(
        .http(status: status, url: url), canHelp: temporary, asked: sink.header.retryAfter)
    }
    if let total = sink.header.rangeTotal, sink.digest.bytes < total {
      let reason = "the answer ended after \(sink.digest.bytes) of \(total) bytes"
      return .failed(.network(url: url, reason: reason), canHelp: true, asked: nil)
    }
    let arrival = Arrival(digest: sink.digest, announced: sink.header.linkedSHA256)
    do throws(FetchError) {
      // A process that was killed may have left the start of a page.
      if !wantsPage, WebPage.isStart(of: part.file) { throw .webPage(place: url) }
      try approve(arrival)
    } catch {
      part.remove()
      throw error
    }
    try output.synchronize()
    try part.finish()
    return .done(arrival)
  }
}
