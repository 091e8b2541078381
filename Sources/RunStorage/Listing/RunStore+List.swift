import Experiments
import GRDB

extension RunStore {
  /// The runs that a list has, as much of each as can be shown; ten thousand take some hundredths
  /// of a second.
  ///
  /// - Throws: `StoreError`, or `RunFilterError` for a field or metric that no run has.
  public func list(_ request: RunListRequest = RunListRequest()) throws -> [ListedRun] {
    let places = request.filter?.places ?? []
    let fields = places.map(\.field) + request.order.map(\.field)
    let points = fields + request.shown
    return try readingAnything { database in
      let reading = RunListReading(database: database)
      do {
        guard !fields.isEmpty || request.limit != nil else {
          return try reading.runs(.all, deleted: request.deleted, points: points)
        }
        if request.filter == nil, request.order.count == 1, let limit = request.limit,
          let keys = try reading.first(limit, by: request.order[0], deleted: request.deleted)
        {
          return try whole(keys, request, points, database)
        }
        let isShort = request.limit != nil
        // Of the many only what decides, of the few that are left everything.
        let needed = ListedParts(fields.map { ListedParts(for: $0) })
        let parts = isShort ? needed : .all
        var runs = try reading.runs(parts, deleted: request.deleted, points: points)
        let filter = request.filter
        let all = runs
        if let filter { runs = runs.filter { filter.matches($0.field) } }
        try check(places + request.order.map { ($0.field, 0) }, among: all, reading, request)
        runs = sorted(runs, by: request.order)
        guard let limit = request.limit else { return runs }
        return try whole(runs.prefix(limit).map(\.key), request, points, database)
      } catch RunFilterError.unknownMetric(let metric, _, let known) {
        let place = places.first { PointSummary.parse($0.field)?.metric == metric }
        throw RunFilterError.unknownMetric(metric, column: place?.column ?? 0, known: known)
      }
    }
  }

  /// All of some runs, in the order of their row numbers in `keys`.
  private func whole(
    _ keys: [Int64], _ request: RunListRequest, _ points: [String], _ database: Database
  ) throws -> [ListedRun] {
    // A statement has room for some thousand numbers.
    let reading = RunListReading(database: database, keys: keys.count > 1_000 ? nil : keys)
    let runs = try reading.runs(.all, deleted: request.deleted, points: points)
    let byKey = Dictionary(runs.map { ($0.key, $0) }) { a, _ in a }
    return keys.compactMap { byKey[$0] }
  }

  /// Refuses fields that belong to none of the runs, unless they are such as a run has once it is
  /// done.
  private func check(
    _ places: [(field: String, column: Int)], among runs: [ListedRun], _ reading: RunListReading,
    _ request: RunListRequest
  ) throws {
    guard !runs.isEmpty else { return }
    for (field, column) in places {
      if ListedRun.ownFields.contains(field) || field == "tags" || field.contains(".")
        || PointSummary.parse(field) != nil || runs.contains(where: { $0.field(field) != nil })
      {
        continue
      }
      let whole = try reading.runs([.spec, .summary], deleted: request.deleted)
      let known = whole.reduce(into: Set<String>()) { $0.formUnion($1.fieldNames) }
      if known.contains(field) { continue }
      throw RunFilterError.unknownField(field, column: column, known: known.sorted())
    }
  }

  private func sorted(
    _ runs: [ListedRun], by orders: [RunListRequest.Order]
  ) -> [ListedRun] {
    guard !orders.isEmpty else { return runs }
    let values = orders.map { order in runs.map { $0.field(order.field).map(SortValue.init) } }
    let positions = runs.indices.sorted { a, b in
      for (order, values) in zip(orders, values) where values[a] != values[b] {
        guard let first = values[a] else { return false }
        guard let second = values[b] else { return true }
        return order.isDescending ? second < first : first < second
      }
      return a < b
    }
    return positions.map { runs[$0] }
  }

  /// Like `reading`, for what throws more than the store does.
  private func readingAnything<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try database.read(body)
    } catch let error as RunFilterError {
      throw error
    } catch {
      throw StoreError(error, path: StoreOpening.path(home: home))
    }
  }
}

/// A field's value among others of its name: numbers before texts, NaN after all numbers.
private enum SortValue: Comparable {
  case number(Double)
  case undefined
  case text(String)

  init(_ value: JSONValue) {
    if let number = value.scalar {
      self = number.isNaN ? .undefined : .number(number)
    } else {
      self = .text(value.plainText)
    }
  }
}
