public import Foundation

/// The elements of one list inside a large JSON document, such as `data` of SQuAD, read one by one:
/// not much more than the largest element is in memory.
public struct JSONElements: Hashable, Sendable {
  public var file: URL
  /// The names that lead from the document's object to the list; none where it is the list itself.
  public var keys: [String]
  /// Bytes that are read at a time.
  var piece = 1 << 20

  public init(_ file: URL, _ keys: String...) {
    self.file = file
    self.keys = keys
  }

  /// Calls `take` with each element and its place, in file order; what stands beside the list is
  /// passed over.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field, also where the document goes
  ///   wrong after the list.
  public func elements<Element: Decodable>(
    _ type: Element.Type, _ take: (Element, JSONElementPlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try elements(type, where: { _ in true }, take)
  }

  /// Calls `take` with the elements whose member `name` is wanted; the others are not decoded,
  /// which is most of the work.
  ///
  /// - Parameter isWanted: gets the member as it is written, a text with its quotes; an element
  ///   without it is decoded, so that what is wrong with it is told.
  func elements<Element: Decodable>(
    _ type: Element.Type, where name: String, _ isWanted: (String) -> Bool,
    _ take: (Element, JSONElementPlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try elements(type, where: { JSONMember.text(of: name, in: $0).map(isWanted) ?? true }, take)
  }

  private func elements<Element: Decodable>(
    _ type: Element.Type, where isWanted: (Data) -> Bool,
    _ take: (Element, JSONElementPlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var scanner = try JSONScanner(file, piece: piece)
    defer { scanner.close() }
    try scanner.passByteOrderMark()
    try visit(keys[...], &scanner, isWanted, take)
    try scanner.expectEnd()
  }

  /// Passes a value in which the list lies at the end of `keys`.
  private func visit<Element: Decodable>(
    _ keys: ArraySlice<String>, _ scanner: inout JSONScanner, _ isWanted: (Data) -> Bool,
    _ take: (Element, JSONElementPlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let above = self.keys.dropLast(keys.count).joined(separator: ".")
    guard let key = keys.first else { return try list(above, &scanner, isWanted, take) }
    try scanner.expect("{", named: "an object", field: above)
    var isFound = false
    var isFirst = true
    while try scanner.hasNext(before: "}", isFirst: isFirst) {
      isFirst = false
      guard try scanner.name() == key else {
        try scanner.value()
        continue
      }
      let field = above.isEmpty ? key : "\(above).\(key)"
      if isFound {
        throw scanner.malformed(field: field, "expected this field once, found it twice")
      }
      isFound = true
      try visit(keys.dropFirst(), &scanner, isWanted, take)
    }
    guard isFound else {
      throw scanner.malformed(
        field: above.isEmpty ? key : "\(above).\(key)",
        "expected this field, found none: fetch the data set again")
    }
  }

  private func list<Element: Decodable>(
    _ field: String, _ scanner: inout JSONScanner, _ isWanted: (Data) -> Bool,
    _ take: (Element, JSONElementPlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try scanner.expect("[", named: "a list", field: field)
    let decoder = JSONDecoder()
    var index = 0
    while try scanner.hasNext(before: "]", isFirst: index == 0) {
      let (line, column) = try scanner.valueStart()
      let name = field.isEmpty ? "[\(index)]" : "\(field).[\(index)]"
      let place = JSONElementPlace(path: scanner.path, line: line, column: column, field: name)
      let bytes = try scanner.valueBytes()
      index += 1
      guard isWanted(bytes) else { continue }
      let element: Element
      do {
        element = try decoder.decode(Element.self, from: bytes)
      } catch {
        throw fault(error, in: bytes, at: place)
      }
      try take(element, place)
    }
  }

  private func fault(
    _ error: any Error, in bytes: Data, at place: JSONElementPlace
  ) -> DatasetError {
    let fault = JSONFault(error, in: bytes)
    // A fault in the syntax has a place of its own inside the element.
    let before = bytes.prefix(max(0, (fault.column ?? 1) - 1))
    let lines = before.count { $0 == 0x0A }
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? before.startIndex
    let column = lines == 0 ? place.column + before.count : before.endIndex - start + 1
    let field = fault.field.map { "\(place.field).\($0)" } ?? place.field
    return .malformed(
      path: place.path, line: place.line + lines, column: column, field: field, fault.problem)
  }
}
