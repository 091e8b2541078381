import Backbones
import Datasets
public import Foundation
import Training

/// A plan as it crosses the pipe between script and host: every piece once, a run a row of numbers.
///
/// A plan of 100,000 runs is some megabytes so; `RunPlan` spelled out, which people and other
/// programs read and write, is far longer.
public struct PlanTable: Sendable {
  /// The version of this layout. That of a `RunPlan` spelled out is 1.
  public static let currentFormat = 2

  public var plan: RunPlan

  public init(_ plan: RunPlan) { self.plan = plan }

  /// Why a reply is no plan.
  public enum Fault: Error, Hashable, Sendable {
    /// It is not JSON of this layout.
    case malformed(String)
    /// It has the layout of another version.
    case format(Int)
  }
}

extension PlanTable {
  /// The text of this plan, one line of JSON.
  ///
  /// - Throws: where a number of a run is not finite.
  public func encoded() throws -> Data {
    var pieces = SpecPieces()
    var files = Interned<String>()
    var searches = Interned<PlanSearch>()
    var brackets = Interned<PlanBracket>()
    var text = NumberText()
    text.reserve(plan.runs.count)
    for run in plan.runs {
      text.append(pieces.row(of: run.spec))
      text.append(number: run.location.map { files.place(of: $0.file) + 1 } ?? 0)
      text.append(number: run.location?.line ?? 0)
      text.append(number: run.isSource ? 1 : 0)
      text.append(number: run.priority)
      text.append(number: run.search.map { searches.place(of: $0) + 1 } ?? 0)
      text.append(number: run.bracket.map { brackets.place(of: $0) + 1 } ?? 0)
    }
    var lists = NumberText()
    for rows in pieces.sourceRows {
      lists.append(number: rows.count)
      for row in rows { lists.append(row) }
    }
    func encodings(_ values: [some Encodable]) throws -> JSONValue {
      .array(try values.map { try JSONValue(encoding: $0) })
    }
    let whole = JSONValue.object([
      "format": .integer(Self.currentFormat),
      "backbones": try encodings(pieces.backbones.values),
      "datasets": try encodings(pieces.datasets.values),
      "preparations": try encodings(pieces.preparations.values.map(\.value)),
      "methods": try encodings(pieces.methods.values),
      "schedules": try encodings(pieces.schedules.values.map(\.value)),
      "sources": .string(lists.text),
      "files": try encodings(files.values), "searches": try encodings(searches.values),
      "brackets": try encodings(brackets.values), "runs": .string(text.text),
      "issues": try encodings(plan.issues), "order": try JSONValue(encoding: plan.order),
      "notes": try encodings(plan.notes),
    ])
    return Data("\(whole.text)\n".utf8)
  }

  /// Reads a reply.
  public init(decoding data: Data) throws(Fault) {
    let document: JSONValue
    do {
      document = try JSONParser.value(of: data)
    } catch {
      throw .malformed("it is not JSON")
    }
    guard case .object(let members) = document else { throw .malformed("it is no JSON object") }
    guard case .integer(let format)? = members["format"] else {
      throw .malformed("it does not say which format it has")
    }
    guard format == Self.currentFormat else { throw .format(format) }
    do {
      plan = try Self.plan(members)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw .malformed("\(error)")
    }
  }

  private static func plan(_ members: [String: JSONValue]) throws -> RunPlan {
    func part<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
      guard let value = members[name] else { throw Fault.malformed("'\(name)' is missing") }
      return try value.decoded(as: type)
    }
    let pieces = WrittenPieces(
      backbones: try part("backbones", [BackboneID].self),
      datasets: try part("datasets", [[DatasetID]].self),
      preparations: try part("preparations", [Preparation].self).map(Shared.init),
      methods: try part("methods", [MethodDescription].self),
      schedules: try part("schedules", [TrainingSchedule].self).map(Shared.init))
    let sources = try pieces.lists(Numbers(try part("sources", String.self)))
    let files = try part("files", [String].self)
    let searches = try part("searches", [PlanSearch].self)
    let brackets = try part("brackets", [PlanBracket].self)
    let numbers = try Numbers(try part("runs", String.self))
    let width = 13
    guard numbers.values.count.isMultiple(of: width) else {
      throw Fault.malformed("a run has too few numbers")
    }
    var runs: [PlannedRun] = []
    runs.reserveCapacity(numbers.values.count / width)
    var reader = numbers
    while !reader.isAtEnd {
      var run = PlannedRun(spec: try pieces.spec(&reader, sources: sources))
      let file = try reader.next()
      let line = try reader.next()
      if file > 0 { run.location = SourceLocation(file: try files.at(file - 1), line: line) }
      run.isSource = try reader.next() == 1
      run.priority = try reader.next()
      let search = try reader.next()
      if search > 0 { run.search = try searches.at(search - 1) }
      let bracket = try reader.next()
      if bracket > 0 { run.bracket = try brackets.at(bracket - 1) }
      runs.append(run)
    }
    return RunPlan(
      runs: runs, issues: try part("issues", [PlanIssue].self),
      order: try part("order", RunOrder.self), notes: try part("notes", [String].self))
  }
}

/// Pieces as they were read.
private struct WrittenPieces {
  var backbones: [BackboneID]
  var datasets: [[DatasetID]]
  var preparations: [Shared<Preparation>]
  var methods: [MethodDescription]
  var schedules: [Shared<TrainingSchedule>]

  /// The lists of what runs start from. A list may have runs whose own lists come later.
  func lists(_ numbers: Numbers) throws -> [[RunSpec]] {
    var starts: [Numbers] = []
    var reader = numbers
    while !reader.isAtEnd {
      starts.append(reader)
      for _ in 0..<(7 * (try reader.next())) { _ = try reader.next() }
    }
    var known: [Int: [RunSpec]] = [:]
    func list(_ place: Int, depth: Int) throws -> [RunSpec] {
      if let list = known[place] { return list }
      guard depth <= starts.count else { throw PlanTable.Fault.malformed("sources form a circle") }
      var reader = try starts.at(place)
      var specs: [RunSpec] = []
      for _ in 0..<(try reader.next()) {
        var inner = reader
        inner.position += 6
        let sources = try list(inner.next(), depth: depth + 1)
        specs.append(try spec(&reader) { _ in sources })
      }
      known[place] = specs
      return specs
    }
    return try starts.indices.map { try list($0, depth: 0) }
  }

  func spec(_ reader: inout Numbers, sources: [[RunSpec]]) throws -> RunSpec {
    try spec(&reader) { try sources.at($0) }
  }

  private func spec(
    _ reader: inout Numbers, _ sources: (Int) throws -> [RunSpec]
  ) throws -> RunSpec {
    let backbone = try backbones.at(reader.next())
    let datasets = try datasets.at(reader.next())
    let preparation = try preparations.at(reader.next())
    let method = try methods.at(reader.next())
    let schedule = try schedules.at(reader.next())
    let seed = try reader.next()
    return RunSpec(
      backbone: backbone, datasets: datasets, method: method, schedule: schedule, seed: seed,
      sources: try sources(reader.next()), preparation: preparation)
  }
}

/// Whole numbers with spaces between them, read one after another.
private struct Numbers {
  let values: [Int]
  var position = 0

  init(_ text: String) throws {
    var values: [Int] = []
    var number = 0
    var isNegative = false
    for byte in text.utf8 {
      switch byte {
      case 0x20:
        values.append(isNegative ? 0 &- number : number)
        number = 0
        isNegative = false
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number &* 10 &+ Int(byte & 15)
      default: throw PlanTable.Fault.malformed("there is a letter among its numbers")
      }
    }
    self.values = values
  }

  var isAtEnd: Bool { position >= values.count }

  mutating func next() throws -> Int {
    guard position < values.count else {
      throw PlanTable.Fault.malformed("it ends within a run")
    }
    defer { position += 1 }
    return values[position]
  }
}

extension Array {
  fileprivate func at(_ place: Int) throws -> Element {
    guard indices.contains(place) else {
      throw PlanTable.Fault.malformed("a run has a piece \(place) that is not there")
    }
    return self[place]
  }
}

/// Whole numbers, written one after another with a space after each.
private struct NumberText {
  private var bytes: [UInt8] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func reserve(_ runs: Int) { bytes.reserveCapacity(40 * runs) }

  mutating func append(number: Int) {
    if (0..<10).contains(number) {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      bytes.append(contentsOf: String(number).utf8)
    }
    bytes.append(0x20)
  }

  mutating func append(_ row: SpecPieces.Row) {
    append(number: row.backbone)
    append(number: row.datasets)
    append(number: row.preparation)
    append(number: row.method)
    append(number: row.schedule)
    append(number: row.seed)
    append(number: row.sources)
  }
}
