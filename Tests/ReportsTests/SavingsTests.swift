import Backbones
import Documents
import Experiments
import Reports
import Testing
import Training

@Suite struct SavingsTests {
  /// A run whose steps took these seconds, or that answered these many a second.
  private func run(
    _ method: String, _ length: Int, on dataset: String = "length-256",
    with backbone: String = "t5-small:random", timing: TrainingSchedule.Timing = .training,
    _ values: [Double], mebibytes: Int = 100, batchSize: Int = 8
  ) -> FrozenRun {
    let name = method == "pt" ? "length" : "promptLength"
    var run = Sample.run(
      method, [name: .integer(length)], on: dataset, backbone: .init(rawValue: backbone))
    run.id = RunID(rawValue: run.id.rawValue + timing.rawValue + "\(batchSize)")
    run.spec.schedule.timing = timing
    run.spec.schedule.batchSize = batchSize
    run.summary?.scores = [:]
    run.summary?.peakBytes = mebibytes << 20
    let metric = timing == .training ? "train/seconds" : "inference/samples-per-second"
    run.curves[metric] = values.enumerated().map {
      MetricPoint(step: $0 + 1, name: metric, value: $1)
    }
    return run
  }

  private func reading(_ cell: Savings, _ runs: [FrozenRun]) throws -> TableReading {
    try TableReading(cell.blocks(Sample.results(runs)))
  }

  @Test("a time is the median of all steps but the first, and what is saved of it")
  func time() throws {
    let table = try reading(
      Savings(.stepTime, against: "pt"),
      [
        run("dept", 20, [9, 0.4, 0.3, 0.2]), run("dept", 60, [9, 0.5, 0.25]),
        run("pt", 100, [9, 0.5, 9, 0.4]),
      ])
    #expect(table.columns == ["Method", "#Params", "Milliseconds per step", "Saved"])
    #expect(try table.print("DePT (m=20)", "Milliseconds per step") == "300")
    #expect(try table.print("DePT (m=20)", "Saved") == "+40.0 %")
    // Of an even number of steps the mean of the two in the middle.
    #expect(try table.print("DePT (m=60)", "Milliseconds per step") == "375")
    #expect(try table.print("DePT (m=60)", "Saved") == "+25.0 %")
    #expect(try table.print("Prompt tuning (l=100)", "Milliseconds per step") == "500")
    #expect(try table.print("Prompt tuning (l=100)", "Saved") == "")
    #expect(table.caption.contains("how much less than Prompt tuning"))
  }

  @Test("more samples a second are a gain, and more memory a loss")
  func directions() throws {
    let runs = [
      run("dept", 20, timing: .inference, [1, 24.8], mebibytes: 150),
      run("pt", 100, timing: .inference, [1, 21]),
    ]
    let speed = try reading(Savings(.samplesPerSecond, against: "pt"), runs)
    #expect(try speed.print("DePT (m=20)", "Gained") == "+18.1 %")
    #expect(speed.caption.contains("how much more than Prompt tuning"))
    let memory = try reading(Savings(.peakMemory, against: "pt"), runs)
    #expect(try memory.print("DePT (m=20)", "Peak memory in MiB") == "150")
    #expect(try memory.print("DePT (m=20)", "Saved") == "-50.0 %")
  }

  @Test("a run is compared on its own backbone, data and batch, and with nothing else")
  func groups() throws {
    let runs = [
      run("dept", 20, [9, 0.5]), run("pt", 100, [9, 1]),
      run("dept", 20, with: "t5-base:random", [9, 3]),
      run("pt", 100, with: "t5-base:random", [9, 4]),
      run("dept", 20, on: "length-sst2", [9, 0.1]),
      run("dept", 20, [9, 4], batchSize: 16), run("pt", 100, [9, 10], batchSize: 16),
      run("pt", 100, timing: .inference, [9, 4]),
    ]
    let blocks = Savings(.stepTime, against: "pt").blocks(Sample.results(runs))
    let table = try TableReading(blocks).table
    #expect(
      table.columns.map(\.groups).dropFirst(2).map(\.first) == [
        "256 tokens", "256 tokens", "Lengths of SST-2", "Lengths of SST-2",
      ])
    #expect(
      table.groups.map(\.title) == [
        "t5-small:random · 8", "t5-small:random · 16", "t5-base:random · 8",
      ])
    let saved = table.groups.map { $0.rows[0].dropFirst(2).map(TableReading.text) }
    #expect(
      saved == [
        ["500", "+50.0 %", "100", "–"], ["4000", "+60.0 %", "–", "–"],
        ["3000", "+25.0 %", "–", "–"],
      ])
  }

  @Test("lines go along the axis, the baseline at their end, one for each backbone")
  func lines() throws {
    let runs = ["t5-small:random", "t5-base:random"].flatMap { backbone in
      [
        run("dept", 60, with: backbone, [9, 0.8]), run("dept", 20, with: backbone, [9, 0.7]),
        run("pt", 100, with: backbone, [9, 1]),
      ]
    }
    let blocks = Savings(.stepTime, against: "pt", along: .promptLength)
      .blocks(Sample.results(runs))
    let figure = try #require(
      blocks.compactMap { if case .figure(let f) = $0 { f } else { nil } }.first)
    #expect(figure.panels.map(\.title) == ["256 tokens"])
    let series = figure.panels[0].series
    #expect(series.map(\.name) == ["t5-small:random", "t5-base:random"])
    #expect(series[0].points.map(\.x) == [20, 60, 100])
    let saved = series[0].points.map { NumberFormat.fixed($0.y ?? .nan, 1) }
    #expect(saved == ["30.0", "20.0", "0.0"])
    #expect(figure.panels[0].summary.contains("t5-base:random 30.0 % at 20"))
  }

  @Test("lines told apart by the method leave the baseline out, which saves nothing")
  func methodLines() throws {
    let size = Axis("Million parameters") { .number($0.backbone == "a" ? 60 : 220) }
    let runs = [
      run("dept", 20, with: "a", [9, 0.9]), run("pt", 100, with: "a", [9, 1]),
      run("dept", 20, with: "b", [9, 3]), run("pt", 100, with: "b", [9, 4]),
    ]
    let blocks = Savings(.stepTime, against: "pt", along: size, lines: .methodName)
      .blocks(Sample.results(runs))
    let figure = try #require(
      blocks.compactMap { if case .figure(let f) = $0 { f } else { nil } }.first)
    #expect(figure.panels[0].series.map(\.name) == ["DePT"])
    #expect(figure.panels[0].series[0].points.map(\.x) == [60, 220])
    #expect(figure.panels[0].xTitle == "Million parameters")
  }

  @Test("what failed, is missing or was not measured is said, and breaks nothing")
  func gaps() throws {
    let cell = Savings(.stepTime, against: "pt", along: .promptLength)
    for runs in [[], [Sample.run()], [run("dept", 20, [9])], [Sample.run(state: .queued)]] {
      guard case .paragraph(let text)? = cell.blocks(Sample.results(runs)).first else {
        Issue.record("a table of nothing")
        continue
      }
      #expect(text.plain == "Milliseconds per step: nothing is measured yet.")
    }
    var failed = run("dept", 20, [])
    failed.state = .failed
    failed.summary = nil
    let table = try reading(cell, [failed, run("dept", 40, [9, 1])])
    #expect(try table.print("DePT (m=20)", "Milliseconds per step") == "×")
    #expect(try table.print("DePT (m=40)", "Saved") == "–")
    #expect(cell.blocks(Sample.results([run("dept", 40, [9, 1])])).count == 1, "no empty figure")
  }
}
