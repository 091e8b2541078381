import TensorEngine

/// Runs with values that are drawn, in place of all combinations of a grid.
///
/// ```swift
/// Samples.sobol(16, seed: 7) { draw in
///   Run(LoRA(rank: draw.integer(1...8)), on: .genSentiment, with: .nano)
///     .learningRate(draw.logarithmic(1e-4...1e-1))
/// }
/// ```
/// A draw whose runs were all drawn before, as happens where little varies, is replaced by the
/// next.
public enum Samples {
  /// Independent draws: the same seed gives the same, whatever else is drawn.
  ///
  /// - Parameters:
  ///   - count: how many different draws; fewer is an issue of the plan.
  ///   - seed: another one gives other draws.
  ///   - runs: the runs of a draw.
  public static func random(
    _ count: Int, seed: Int, file: String = #filePath, line: Int = #line,
    @PlanBuilder _ runs: (inout Draw) -> Plan
  ) -> Plan {
    let key = RandomKey(seed: seed).folding("Samples.random")
    return plan(count, SourceLocation(file: file, line: line), runs) { index in
      let key = key.folding(index)
      return Draw { key.unit($0) }
    }
  }

  /// Points of a Sobol sequence, which fill the space more evenly than independent draws do
  /// (Joe and Kuo, 2008), moved by a digital shift; at most `SobolSequence.dimensions` values a
  /// draw.
  ///
  /// Powers of two are the counts that fill it best.
  ///
  /// - Parameters:
  ///   - count: how many different draws; fewer is an issue of the plan.
  ///   - seed: of the shift.
  ///   - runs: the runs of a draw.
  public static func sobol(
    _ count: Int, seed: Int, file: String = #filePath, line: Int = #line,
    @PlanBuilder _ runs: (inout Draw) -> Plan
  ) -> Plan {
    let key = RandomKey(seed: seed).folding("Samples.sobol")
    return plan(count, SourceLocation(file: file, line: line), runs) { index in
      Draw(dimensions: SobolSequence.dimensions) { dimension in
        SobolSequence.bits(of: index, dimension: dimension).map { bits in
          let shift = UInt32(truncatingIfNeeded: key.bits(dimension) >> 32)
          return Double(bits ^ shift) * 0x1p-32
        }
      }
    }
  }

  private static func plan(
    _ count: Int, _ location: SourceLocation, _ runs: (inout Draw) -> Plan,
    draw: (Int) -> Draw
  ) -> Plan {
    guard count >= 1 else {
      PlanIssueCollector.report(
        PlanIssue("a sample of \(count) draws has no run; ask for at least 1", at: location))
      return Plan()
    }
    var plans: [Plan] = []
    var known: Set<String> = []
    // A small space is exhausted, or nearly so, long before this many.
    for index in 0..<(20 * count + 100) where plans.count < count {
      var draw = draw(index)
      let plan = runs(&draw)
      let descriptions = plan.entries.map { entry in
        (try? entry.spec.canonicalDescription()) ?? entry.spec.name
      }
      guard plans.isEmpty || !known.isSuperset(of: descriptions) else { continue }
      known.formUnion(descriptions)
      plans.append(plan)
    }
    if plans.count < count {
      PlanIssueCollector.report(
        PlanIssue(
          "the sample has only \(plans.count) different draws of \(count); ask for fewer, or let "
            + "more vary", at: location))
    }
    return Plan(joining: plans)
  }
}
