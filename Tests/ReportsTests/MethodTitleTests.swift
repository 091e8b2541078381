import Documents
import Experiments
import Reports
import Testing

@Suite struct MethodTitleTests {
  @Test("methods are called what papers call them, with their sizes")
  func catalogue() throws {
    let runs = [
      Sample.run("ft"), Sample.run("pt", ["length": .integer(20)]),
      Sample.run("pt", ["promptLength": .integer(100)]),
      Sample.run("dept", ["promptLength": .integer(10), "rank": .integer(8)]),
      Sample.run("lora", ["rank": .integer(4)]), Sample.run("my-method", ["width": .integer(3)]),
    ]
    #expect(
      try titles(runs) == [
        "Full fine-tuning", "Prompt tuning (l=20)", "Prompt tuning (l=100)", "DePT (m=10, r=8)",
        "LoRA (r=4)", "my-method",
      ])
  }

  @Test("a stack is called by its methods")
  func stack() throws {
    func member(_ name: String, _ fields: [String: JSONValue]) -> JSONValue {
      .object(["name": .string(name), "hyperparameters": .object(fields)])
    }
    let members = [
      member("dept", ["promptLength": .integer(10), "rank": .integer(6)]),
      member("lora", ["rank": .integer(2)]),
    ]
    let runs = [Sample.run("stacked", ["methods": .array(members)])]
    #expect(try titles(runs) == ["DePT (m=10, r=6) + LoRA (r=2)"])
  }

  @Test("methods of one title are told apart by what differs, and by nothing else")
  func differences() throws {
    let runs = [
      Sample.run("lora", ["rank": .integer(4), "alpha": .number(8), "dropout": .number(0.1)]),
      Sample.run("lora", ["rank": .integer(4), "alpha": .number(16.5), "dropout": .number(0.1)]),
      Sample.run("lora", ["rank": .integer(8), "alpha": .number(8), "dropout": .number(0.1)]),
    ]
    #expect(try titles(runs) == ["LoRA (r=4, alpha=8)", "LoRA (r=4, alpha=16.5)", "LoRA (r=8)"])
  }

  private func titles(_ runs: [FrozenRun]) throws -> [String] {
    try TableReading(
      PivotTable(rows: .method, columns: .dataset).blocks(Sample.results(runs))
    ).rows
  }
}
