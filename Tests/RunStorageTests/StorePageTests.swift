import Foundation
import GRDB
import Testing

@testable import RunStorage

/// `docs/store.md` beside the real schema.
@Suite("The page about the store")
struct StorePageTests {
  /// The columns of each section of the page whose title is one word.
  private func described() throws -> [String: [String]] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/store.md"), encoding: .utf8)
    var tables: [String: [String]] = [:]
    var title: String?
    for line in text.split(separator: "\n") {
      if line.hasPrefix("#") {
        let name = line.hasPrefix("### ") ? String(line.dropFirst(4)) : nil
        title = name
        if let name { tables[name] = [] }
      } else if let title, line.hasPrefix("| ") {
        let column = line.split(separator: "|")[0].trimmingCharacters(in: .whitespaces)
        if column != "column" { tables[title, default: []].append(column) }
      }
    }
    return tables
  }

  @Test("names every table, view and column in its order, and nothing else")
  func complete() throws {
    let database = try DatabaseQueue()
    let real = try database.write { database -> [String: [String]] in
      try StoreSchema.migrate(database, StoreSchema.migrations)
      var real: [String: [String]] = [:]
      for row in try Row.fetchAll(
        database,
        sql: """
          SELECT thing.name, part.name
          FROM sqlite_schema AS thing, pragma_table_info(thing.name) AS part
          WHERE thing.type IN ('table', 'view') AND thing.name NOT LIKE 'sqlite%'
          ORDER BY thing.name, part.cid
          """)
      {
        real[row[0], default: []].append(row[1])
      }
      return real
    }
    let page = try described()
    #expect(Set(page.keys) == Set(real.keys))
    for (name, columns) in real { #expect(page[name] == columns, "\(name)") }
  }
}
