#if os(Linux)
import Foundation
import Testing

/// Too little memory, as a user meets it.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct MemoryTests {
  /// Two runs, of which the larger needs about 430 MiB and the other less than 300.
  private static let sweep = """
    import Dept

    @main struct Sweep: Experiment {
      var plan: Plan {
        for size in [64, 1] {
          Run(PromptTuning(length: 100), on: .genSentiment, with: "t5-small:random")
            .steps(2).batchSize(size).timing(.training)
        }
      }
    }
    """

  @Test("a run over the limit fails and says what it needs; the other goes on; nothing is lost")
  func sweep() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(Self.sweep, to: "sweep.swift")
    let first = try process.dept("run", "sweep.swift", "--no-report", "--memory", "300M")
    #expect(first.code == 1, "\(first.errors)")
    #expect(first.output.contains("2 runs: 1 succeeded, 1 failed"))
    for part in [
      "out of memory: ", " more are needed, ", " are left of the 300 MiB that the limit allows",
      "take a smaller batch", ".batchSize(…, accumulation: …)", "--memory", "--jobs 1",
    ] {
      #expect(first.output.contains(part), "\(first.output)")
    }
    let listed = try process.dept("runs", "list", "--where", "state = failed", "--json")
    #expect(listed.output.contains("\"batchSize\" : 64") || listed.output.contains("failed"))

    // The environment sets the same limit; without being asked, nothing is tried again.
    let second = try process.dept(
      ["run", "sweep.swift", "--no-report", "--json"], environment: ["DEPT_MEMORY": "300M"])
    #expect(second.code == 1)
    #expect(try second.json()["cached"] as? Int == 1)
    #expect(try second.json()["failed"] as? Int == 1)
    let retried = try process.dept(
      ["run", "sweep.swift", "--no-report", "--json", "--retry-failed", "--memory", "8G"],
      environment: ["DEPT_MEMORY": "300M"])
    #expect(retried.code == 0, "\(retried.errors)")
    #expect(try retried.json()["succeeded"] as? Int == 1)
    #expect(try retried.json()["cached"] as? Int == 1)
    let attempts = try process.dept(
      "query", "--csv", "--sql", "SELECT attempts, peak_bytes > 320000000 FROM v_runs ORDER BY 1")
    #expect(attempts.output.contains("1,0"))
    #expect(attempts.output.contains("2,1"))
  }

  @Test("a single training fails with 1 and the same sentence, and later goes on")
  func train() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let arguments = [
      "train", "--backbone", "t5-small:random", "--method", "pt", "--set", "length=100",
      "--train", "tiny/train.jsonl", "--steps", "1", "--batch-size", "64", "--output", "out",
    ]
    let refused = try process.dept(arguments + ["--memory", "300M"])
    #expect(refused.code == 1)
    #expect(refused.errors.hasPrefix("dept: out of memory: "), "\(refused.errors)")
    #expect(refused.errors.contains(" are left of the 300 MiB that the limit allows"))
    #expect(refused.errors.contains("smaller --batch-size, cut it with --accumulation"))
    let accumulated = try process.dept(
      arguments + ["--memory", "300M", "--accumulation", "64"])
    #expect(accumulated.code == 0, "\(accumulated.errors)")
  }

  @Test("a limit of addresses, as a shell sets it, ends in the same sentence")
  func addresses() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    // About 250 MiB of weights, and nearly as much for the step.
    let outcome = try process.shell(
      """
      ulimit -v 1000000; exec "$DEPT" train --backbone t5-small:random --method pt \
      --set length=100 --train tiny/train.jsonl --steps 1 --batch-size 64 --output out
      """)
    #expect(outcome.code == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("dept: out of memory: "), "\(outcome.errors)")
    // Counted before, or refused: what is left moves between the two.
    let sentences = ["the system has ", "the system refuses them, with "]
    #expect(
      sentences.contains { outcome.errors.contains(" more are needed, \($0)") },
      "\(outcome.errors)")
  }

  @Test("a size that is none is bad usage", arguments: ["4", "much", "-1G", "0G"])
  func sizes(text: String) throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(Self.sweep, to: "sweep.swift")
    #expect(try process.dept("run", "sweep.swift", "--memory=\(text)").code == 2)
    let outcome = try process.dept(
      ["run", "sweep.swift"], environment: ["DEPT_MEMORY": text])
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("DEPT_MEMORY is '\(text)', but must be a size such as 4G"))
  }
}
#endif
