import Datasets
import DeptTesting
import Evaluation
import Foundation
import Testing

@Suite struct TemplateTests {
  @Test("SST-2 keeps the sentence as it stands, its last space included")
  func sst2() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "sentence\tlabel\nit 's \"great\" \t1\nno\t0\n", to: "train.tsv")
    let examples = try SST2().examples(in: file)
    #expect(
      examples == [
        Example(source: "sentence: it 's \"great\" ", target: "1"),
        Example(source: "sentence: no", target: "0"),
      ])
  }

  @Test("RTE names both sentences; 0 is entailment")
  func rte() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "index\tsentence1\tsentence2\tlabel\r\n0\tA.\tB.\tnot_entailment\r\n1\tC.\tD.\tentailment",
      to: "train.tsv")
    let examples = try RTE().examples(in: file)
    #expect(
      examples == [
        Example(source: "sentence1: A. sentence2: B.", target: "1"),
        Example(source: "sentence1: C. sentence2: D.", target: "0"),
      ])
  }

  @Test("CB names premise and hypothesis; 0, 1, 2 are entailment, contradiction, neutral")
  func cb() throws {
    let folder = try TemporaryFolder()
    let lines = ["entailment", "contradiction", "neutral"].map {
      #"{"premise": "P\n1.", "hypothesis": "h", "label": "\#($0)", "idx": 0}"#
    }
    let file = try folder.write(lines.joined(separator: "\n"), to: "train.jsonl")
    let examples = try CB().examples(in: file)
    #expect(examples.map(\.target) == ["0", "1", "2"])
    #expect(examples.allSatisfy { $0.source == "premise: P\n1. hypothesis: h" })
  }

  @Test("CB selects on macro F1 and reports accuracy; the others do both by accuracy")
  func selection() {
    #expect(CB().selection.name == "f1-macro")
    #expect(CB().headline.name == "accuracy")
    #expect(RTE().selection == .accuracy)
  }
}
