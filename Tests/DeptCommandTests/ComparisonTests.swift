import Experiments
import Testing

@testable import DeptCommand

@Suite("Comparing runs")
struct ComparisonTests {
  private func curve(_ values: [Double], from step: Int = 1) -> [MetricPoint] {
    values.enumerated().map { MetricPoint(step: step + $0, name: "m", value: $1) }
  }

  @Test("curves part at the first step that differs in a bit, or that only one has")
  func parting() {
    let base = curve([1, 2, 3])
    #expect(CurveComparison("m", base, base).step == nil)
    #expect(CurveComparison("m", base, base).points == 3)
    let bit = CurveComparison("m", base, curve([1, 2.0.nextUp, 4]))
    #expect(bit.step == 2)
    #expect(bit.first == 2 && bit.second == 2.0.nextUp)
    #expect(bit.largest == 1)
    #expect(CurveComparison("m", base, curve([1, 2.0.nextUp, 3]), tolerance: 1e-9).step == nil)
    let short = CurveComparison("m", base, curve([1, 2]))
    #expect(short.step == 3 && short.second == nil && short.points == 2)
    #expect(short.sentence == "m parts at step 3: 3.0 and none")
    let late = CurveComparison("m", base, curve([2, 3], from: 2))
    #expect(late.step == 1 && late.first == 1 && late.second == nil)
    #expect(CurveComparison("m", curve([.nan]), curve([-Double.nan])).step == nil)
    #expect(CurveComparison("m", curve([0.0]), curve([-0.0])).step == 1)
  }

  @Test("metrics of times are not compared, others are, whichever run has them")
  func times() {
    let all = CurveComparison.all(
      ["train/seconds": curve([1]), "train/loss": curve([1])],
      ["inference/samples-per-second": curve([2]), "test/f1": curve([1])])
    #expect(all.map(\.metric) == ["test/f1", "train/loss"])
    #expect(all.allSatisfy { $0.step == 1 })
  }

  @Test("a patch is counted file by file, and compared so")
  func patches() {
    let first = """
      diff --git a/one.swift b/one.swift
      --- a/one.swift
      +++ b/one.swift
      @@ -1,2 +1,3 @@
       same
      -old
      +new
      +newer
      diff --git a/two b.txt b/two b.txt
      --- a/two b.txt
      +++ b/two b.txt
      @@ -1 +0,0 @@
      -gone
      """
    let files = PatchSummary(first).files
    #expect(files["one.swift"]?.count == "+2 −1")
    #expect(files.count == 2)
    #expect(PatchSummary.differences(first, first).isEmpty)
    let second = first.replacing("+newer\n", with: "")
    #expect(
      PatchSummary.differences(first, second) == [
        FieldDifference(field: "one.swift", first: "+2 −1", second: "+1 −1")
      ])
    #expect(PatchSummary.differences("", first).count == 2)
  }

  @Test("the lines in which two texts differ have their numbers")
  func lines() {
    #expect(LineDifferences("a\nb\nc", "a\nb\nc").lines.isEmpty)
    #expect(LineDifferences("a\nb\nc", "a\nx\nc\nd").lines == ["- 2: b", "+ 2: x", "+ 4: d"])
    let long = (0..<9000).map { "\($0)" }.joined(separator: "\n")
    #expect(LineDifferences(long, "a").lines == ["9000 lines and 1 lines"])
    let many = LineDifferences("", (0..<100).map { "\($0)" }.joined(separator: "\n")).lines
    #expect(many.count == 61)
    #expect(many.last == "… 41 more lines")
  }

  @Test(
    "secrets are masked wherever they stand",
    arguments: [
      (["--token", "abc"], ["--token", "(masked)"]),
      (["--api-key=abc", "run"], ["--api-key=(masked)", "run"]),
      (["https://me:word@example.org/x"], ["https://(masked)@example.org/x"]),
      (["http://h/x?a=1&access_token=abc&b=2"], ["http://h/x?a=1&access_token=(masked)&b=2"]),
      (["hf_abcdefghijklmnopqrstu"], ["(masked)"]),
      (["run", "tokens.swift", "--only", "a = 1"], ["run", "tokens.swift", "--only", "a = 1"]),
    ])
  func masking(arguments: [String], masked: [String]) {
    #expect(SecretMask.arguments(arguments) == masked)
  }

  @Test("long values are cut, values of secret names are never shown")
  func values() {
    #expect(SecretMask.value("x", of: "MY_SECRET") == "(masked)")
    #expect(SecretMask.value("x", of: "DEPT_HOME") == "x")
    #expect(SecretMask.text(String(repeating: "x", count: 5000)).count == 1001)
  }
}
