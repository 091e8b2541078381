import Experiments
import Foundation

/// When a run began and ended, in seconds since 1970, and when its steps must have been.
///
/// The store keeps no time for every point: steps are spread evenly between the two.
struct RunTimes {
  let begin: Double
  let end: Double

  init(_ run: FrozenRun) {
    let started = Self.seconds(run.provenance.startedAt)
    let finished = Self.seconds(run.provenance.finishedAt)
    begin = started ?? finished ?? 0
    end = max(begin, finished ?? (begin + (run.summary?.seconds ?? 0)))
  }

  func time(of step: Int, last: Int) -> Double {
    guard last > 0, step > 0 else { return begin }
    return begin + (end - begin) * Double(min(step, last)) / Double(last)
  }

  /// Of an ISO 8601 time; `nil` where the text is none.
  static func seconds(_ text: String) -> Double? {
    for withFraction in [true, false] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
      if let date = try? style.parse(text) { return date.timeIntervalSince1970 }
    }
    return nil
  }

  /// As ISO 8601 in UTC with milliseconds; empty for `nil`.
  static func text(_ seconds: Double?) -> String {
    guard let seconds, abs(seconds) < 1e11 else { return "" }
    return Date(timeIntervalSince1970: seconds).formatted(
      Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
