import Datasets
import Experiments
import Foundation
import Scheduling

extension PlanDescription {
  /// Everything but the runs; its keys are a promise.
  private struct Head: Encodable {
    struct Forecast: Encodable {
      let groups: [PlanForecast.Group]
      let unmeasured, measuredElsewhere: Int
      let wallSeconds: Double?
      let diskBytes: Int?
      let quality: PredictionQuality?
    }

    let format = RunPlan.currentFormat
    let experiment: String
    let planned, sources: Int
    let sourceNames: [String]
    let cached, new, failed, blocked, pruned: Int
    let axes: [PlanAxes.Axis]
    let predictedSeconds: Double?
    /// Of `jobs` processes together: the backbones once, and what each has for itself.
    let predictedPeakBytes, predictedOwnBytes, sharedBytes: Int?
    let jobs: Int
    let order: RunOrder
    let notes: [String]
    let issues: [PlanIssue]
    let forecast: Forecast?
    let changes: StoreChanges
    let failures: [FailureReasons.Reason]
    let searches: [SearchListing]
  }

  private var head: Head {
    let own = forecast?.ownBytes
    let isKnown = forecast?.seconds != nil
    return Head(
      experiment: experiment, planned: plan.runs.count, sources: sourceNames.count,
      sourceNames: sourceNames, cached: count(.cached), new: new, failed: count(.failedBefore),
      blocked: count(.blocked), pruned: pruned, axes: axes,
      predictedSeconds: forecast?.seconds,
      predictedPeakBytes: forecast.flatMap { forecast in
        own.map { forecast.sharedBytes + max(1, min(jobs, new)) * $0 }
      }, predictedOwnBytes: own, sharedBytes: isKnown ? forecast?.sharedBytes : nil, jobs: jobs,
      order: plan.order, notes: plan.notes, issues: issues,
      forecast: forecast.map { forecast in
        Head.Forecast(
          groups: forecast.groups, unmeasured: forecast.unmeasured,
          measuredElsewhere: measuredElsewhere,
          wallSeconds: forecast.seconds.map { $0 / Double(max(1, min(jobs, new))) },
          diskBytes: forecast.diskBytes, quality: quality)
      }, changes: changes, failures: failures.reasons,
      searches: searches)
  }

  /// One JSON document, which is also a plan that `dept run` takes.
  ///
  /// Runs are put together from pieces that are written once: a plan may have a hundred thousand.
  func json() throws -> Data {
    var text = try JSONValue(encoding: head).text
    text.removeLast()
    text += ",\"runs\":["
    var descriptions = RunDescriptions(isNormalizing: false)
    if let decisions {
      for (place, (run, decision)) in decisions.enumerated() {
        let cost = forecast?.costs[run.id]
        if place > 0 { text += "," }
        text += "{\"id\":\"\(run.id.rawValue)\",\"state\":\"\(decision.rawValue)\""
        if let cost { text += ",\"predictedSeconds\":\(cost.seconds)" }
        var planned = PlannedRun(
          spec: run.spec, location: run.location, isSource: run.isSource)
        planned.priority = run.priority
        planned.search = run.search
        planned.bracket = run.bracket
        text += try "," + Self.members(of: planned, &descriptions) + "}"
      }
    } else {
      for (place, run) in plan.runs.enumerated() {
        text += try (place > 0 ? ",{" : "{") + Self.members(of: run, &descriptions) + "}"
      }
    }
    return Data("\(text)]}\n".utf8)
  }

  /// The members of a `PlannedRun`, as it encodes itself.
  private static func members(
    of run: PlannedRun, _ descriptions: inout RunDescriptions
  ) throws -> String {
    let row = descriptions.row(of: run.spec)
    var text = try "\"spec\":\(descriptions.beginning(of: row))\(descriptions.ending(of: row))"
    if let location = run.location {
      text += ",\"location\":{\"file\":\(JSONValue.string(location.file).text)"
      text += ",\"line\":\(location.line)}"
    }
    if run.isSource { text += ",\"isSource\":true" }
    if run.priority != 0 { text += ",\"priority\":\(run.priority)" }
    if let search = run.search { text += ",\"search\":\(try JSONValue(encoding: search).text)" }
    if let bracket = run.bracket { text += ",\"bracket\":\(try JSONValue(encoding: bracket).text)" }
    return text
  }
}
