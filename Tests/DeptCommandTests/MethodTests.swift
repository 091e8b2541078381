import Foundation
import Testing

/// The catalogue of methods and their counts, as a user asks for them.
@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct MethodTests {
  @Test("the README's table of methods is what dept prints")
  func readme() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("methods", "--markdown")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      try DeptProcess.readme().contains(outcome.output),
      "paste the output of 'dept methods --markdown' into the README's section on methods")
  }

  @Test("every method tells its formula, its paper and what it takes")
  func catalogue() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("methods", "--json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    let names = rows.compactMap { $0["name"] as? String }
    for name in [
      "ft", "bitfit", "adapter", "adapter-pfeiffer", "adapterdrop", "lora", "lora-bitfit", "ia3",
      "lst", "hyperformer", "hyperdecoder", "prefix", "p-tuning", "pt", "spot", "attempt", "mpt",
      "dept", "adept",
    ] { #expect(names.contains(name), "\(name)") }
    for row in rows {
      #expect((row["formula"] as? String)?.isEmpty == false, "\(row)")
      #expect((row["reference"] as? String)?.isEmpty == false)
      #expect((row["trainable"] as? Int ?? 0) > 0)
    }
    let text = try process.dept("methods").output
    #expect(text.contains("X = [P; E + (α/√r)·A·B]") && text.contains("arXiv:2309.05173"))
  }

  @Test(
    "counts on T5-base are the paper's",
    arguments: [
      ("ft", 222_903_552), ("adapter", 1_855_104), ("adapterdrop", 1_101_984),
      ("bitfit", 280_932), ("lora-bitfit", 3_819_876), ("lst", 3_878_712), ("pt", 76_800),
      ("attempt", 231_936), ("mpt", 77_668), ("ia3", 55_296), ("dept", 76_800), ("spot", 76_800),
    ])
  func counts(method: String, expected: Int) throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept(
      "params", "--backbone", "t5-base", "--method", method, "--json")
    #expect(try outcome.json()["trainable"] as? Int == expected, "\(outcome.errors)")
  }

  @Test("several methods with + between them are one, each with its own settings")
  func stacked() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept(
      "params", "--backbone", "t5-base", "--method", "dept+lora", "--set", "lora.rank=8", "--json")
    #expect(try outcome.json()["trainable"] as? Int == 76_800 + 884_736, "\(outcome.errors)")
    let queries = try process.dept(
      "params", "--backbone", "t5-base", "--method", "lora", "--set", "targets=query,cross-query",
      "--json")
    #expect(try queries.json()["trainable"] as? Int == 3_538_944 / 2, "\(queries.errors)")
    for (arguments, sentence) in [
      (["lora", "--set", "targets=query,valeu"], "'value'"), (["dept+"], "missing beside the +"),
      (["dept+lora", "--set", "rank=8"], "does not say whose it is"),
      (["dept+lor"], "lora"), (["lora+lora"], "encoder.0.query/lora.a"),
      (["lora", "--set", "targets={\"anyOf\":{\"_0\":[]}}"], "match no site"),
    ] {
      let outcome = try process.dept(
        ["params", "--backbone", "t5-base", "--method"] + arguments)
      #expect(outcome.code == 2 && outcome.errors.contains(sentence), "\(outcome)")
    }
  }
}
