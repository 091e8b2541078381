import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing
import Training

@testable import Exchange

@Suite struct TableExportTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try exampleHome(folder).store
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/out/\(name)", encoding: .utf8)
  }

  @Test("CSV has a row a run and a row a point, quoted as RFC 4180 says")
  func csv() throws {
    _ = try RunExport("odd names/1", of: store, to: "\(folder.path)/out").write(as: .csv)
    let runs = try text("runs.csv")
    let head = try #require(runs.split(separator: "\n").first)
    #expect(head.hasPrefix("id,experiment,state,backbone,method,dataset,seed,"))
    for column in ["rank", "learningRate", "test.f1", "peak_bytes", "failure"] {
      #expect(head.split(separator: ",").contains(Substring(column)))
    }
    #expect(runs.contains("\"a, \"\"b\"\"\nc\""))
    #expect(runs.contains("the loss is NaN"))
    let id = String(repeating: "1", count: 64)
    #expect(
      try text("metrics.csv") == """
        run,metric,step,value
        \(id),train/loss,1,0.1
        \(id),train/loss,2,nan
        \(id),train/loss,3,inf
        \(id),train/loss,4,-inf
        \(id),"validation/f 1, (macro)",2,0.25
        \(id),"validation/f 1, (macro)",4,0.5
        \(String(repeating: "2", count: 64)),train/loss,1,0.5

        """)
  }

  @Test("JSON Lines have an object a run and an object a point")
  func jsonLines() throws {
    _ = try RunExport(
      "odd names/1", of: store, where: try RunFilter("seed = 1"), to: "\(folder.path)/out"
    ).write(as: .jsonl)
    let runs = try text("runs.jsonl").split(separator: "\n")
    #expect(runs.count == 1)
    let run = try #require(
      try JSONSerialization.jsonObject(with: Data(runs[0].utf8)) as? [String: Any])
    #expect(run["seed"] as? Int == 1)
    #expect(run["tags"] as? [String] == ["best"])
    #expect((run["scores"] as? [String: [String: Double]])?["test"] == ["f1": 0.375])
    let points = try text("metrics.jsonl").split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    #expect(points.count == 6)
    #expect(points[1]?["value"] as? String == "nan")
    #expect(points[0]?["value"] as? Double == 0.1)
  }

  @Test("an earlier export is replaced only when that is asked for")
  func replacing() throws {
    for format in ExportFormat.allCases {
      let path = "\(folder.path)/\(format)"
      _ = try RunExport("odd names/1", of: store, to: path).write(as: format)
      let error = #expect(throws: ExchangeError.self) {
        try RunExport("odd names/1", of: store, to: path).write(as: format)
      }
      #expect(error?.description.contains("--force") == true)
      let files = Set(FileManager.default.subpaths(atPath: path) ?? [])
      #expect(!files.contains { $0.hasSuffix(".partial") })
      _ = try RunExport("odd names/1", of: store, to: path, replaces: true).write(as: format)
      #expect(Set(FileManager.default.subpaths(atPath: path) ?? []) == files)
    }
  }

  @Test("nothing to export and nowhere to write to are said in a sentence")
  func refusals() throws {
    #expect(throws: ExchangeError.self) {
      try RunExport("odd names/1", of: store, where: try RunFilter("seed = 9"), to: "x")
    }
    #expect(throws: StoreError.self) { try RunExport("none", of: store, to: "x") }
    try folder.write("a file", to: "file")
    #expect(throws: ExchangeError.self) {
      try RunExport("odd names/1", of: store, to: "\(folder.path)/file/out").write(as: .csv)
    }
  }
}
