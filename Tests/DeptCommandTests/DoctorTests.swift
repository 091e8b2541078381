import Testing

@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct DoctorTests {
  @Test("a machine that has everything is well, as JSON too")
  func well() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("doctor", "--json")
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    let document = try outcome.json()
    #expect(document["healthy"] as? Bool == true)
    let subjects = (document["checks"] as? [[String: Any]])?.compactMap { $0["subject"] as? String }
    #expect(
      subjects == [
        "compiler", "library", "products", "threads", "device", "disk", "store", "downloads",
        "backbone",
      ])
    let checks = document["checks"] as? [[String: Any]]
    let products = checks?.first { $0["subject"] as? String == "products" }?["finding"] as? String
    #expect(
      products?.contains("because this processor has no") == true
        || products?.contains("because vdpbf16ps runs at") == true
        || products?.contains("because AMX runs at") == true, "\(products ?? "none")")
    #expect(products?.contains("OpenBLAS") == true, "\(products ?? "none")")
  }

  @Test("what is wrong comes with its remedy, and code 69")
  func ill() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write("not a folder", to: "file")
    let outcome = try process.dept(
      "doctor",
      environment: [
        "PATH": "/nowhere", "DEPT_MIRROR": "./nowhere", "DEPT_HOME": "file/home",
      ])
    #expect(outcome.code == 69)
    for line in ["✗ compiler", "✗ library", "✗ disk", "✗ downloads", "→ ", "✓ backbone"] {
      #expect(outcome.output.contains(line), "\(outcome.output)")
    }
  }

  @Test("a damaged store is named")
  func store() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    _ = try process.dept("doctor")
    try process.write(String(repeating: "no database ", count: 500), to: ".dept/store.sqlite")
    let outcome = try process.dept("doctor")
    #expect(outcome.code == 69)
    #expect(outcome.output.contains("✗ store"), "\(outcome.output)")
  }
}
