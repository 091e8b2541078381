import Documents
import Experiments

/// Plain counts about a result set, as headers and provenance print them.
struct ResultFacts: Sendable {
  let results: ResultSet

  init(_ results: ResultSet) { self.results = results }

  /// Counts for the line under a title.
  var headline: [String] {
    let runs = results.runs
    guard !runs.isEmpty else { return ["no runs yet"] }
    let done = runs.count { $0.state == .succeeded }
    let failed = runs.count { $0.state == .failed }
    // What was given up on purpose is as done as it will be.
    let pruned = runs.count { $0.state == .pruned }
    var facts = [
      done + pruned == runs.count
        ? counted(runs.count, "run") : "\(done) of \(runs.count) runs done"
    ]
    if failed > 0 { facts.append("\(failed) failed") }
    if pruned > 0 { facts.append("\(pruned) pruned") }
    facts.append(counted(runs.configurations.count, "configuration"))
    facts.append(counted(runs.distinct(\.spec.seed).count, "seed"))
    let seconds = totalSeconds
    if seconds > 0 { facts.append("\(NumberFormat.duration(seconds)) of computing") }
    return facts
  }

  /// What the report was computed from.
  var digests: [Digest] {
    var digests: [Digest] = []
    let versions = results.runs.distinct(\.provenance.version).filter { !$0.isEmpty }.sorted()
    digests.append(Digest("dept", versions.joined(separator: ", ")))
    digests.append(Digest("results", fingerprint))
    let data = results.runs.distinct(\.provenance.dataDigest).filter { !$0.isEmpty }.sorted()
    digests += data.map { Digest("data", String($0.prefix(12))) }
    digests.append(Digest("runs", "\(results.runs.count)"))
    return digests.filter { !$0.value.isEmpty }
  }

  /// The sum of the runs' times, in seconds, with those that they start from and those of searches.
  var totalSeconds: Double {
    results.everything.sorted { $0.id < $1.id }.compactMap { $0.summary?.seconds }
      .filter(\.isFinite).reduce(0, +)
  }

  /// A 64-bit FNV-1a hash of the runs' identities and states: it tells reports on different
  /// results apart, and protects against nothing.
  private var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for run in results.runs.sorted(by: { $0.id < $1.id }) {
      for byte in "\(run.id.rawValue) \(run.state.rawValue)\n".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension ResultSet {
  /// Sources, runs and candidates of searches, each once.
  var everything: [FrozenRun] {
    var seen: Set<RunID> = []
    return (sources + runs + candidates).filter { seen.insert($0.id).inserted }
  }
}

/// `1 run`, `3 runs`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
