import Foundation
import Testing

@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct BenchTests {
  @Test("bench counts the operations of the products that are computed")
  func operations() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let report = try process.dept(
      "bench", "train", "--backbone", "nano", "--method", "pt", "--set", "length=10",
      "--batch-size", "3", "--source-length", "20", "--target-length", "2", "--steps", "1",
      "--no-peak", "--json"
    ).json()
    // Two layers of width 96 (4 heads) and 384 on 90 encoder and 6 decoder rows, vocabulary 569.
    let encoder = 2 * 2 * (2 * 90 * (4 * 96 * 96 + 2 * 96 * 384)) + 2 * 7 * (2 * 2700 * 96)
    // The first block's own attention and cross queries read nothing that is trained.
    let own = 3 * (2 * 6 * 4 * 96 * 96) + 9 * (2 * 9 * 96)
    let cross = (3 + 4) * (2 * 6 * 96 * 96) + 2 * 7 * (2 * 720 * 96) + 4 * (2 * 2 * 6 * 96 * 96)
    let rest = 2 * 2 * (2 * 6 * 2 * 96 * 384) + 2 * (2 * 6 * 96 * 569)
    #expect(report["flops_per_step"] as? Int == encoder + own + cross + rest)
    let repeated = 2 * (2 * 2700 * 96) + 2 * 9 * 96 + 2 * (2 * 720 * 96)
    #expect(report["recomputed_flops_per_step"] as? Int == repeated)
    #expect(report["page_faults_per_step"] != nil && report["utilization"] == nil)
  }
}
