/// Takes comma-separated text in piece by piece and gives its records.
struct CSVParser {
  /// The fields of a record, without their quotes, and the line it starts on.
  struct Record: Hashable {
    var line: Int
    var fields: [[UInt8]]
  }

  private enum State {
    case fieldStart
    case plain
    case quoted
    /// After a quote in a quoted field: its end, or the first of two.
    case quote
    /// After a carriage return outside quotes.
    case lineReturn
  }

  private let path: String
  private let limit: Int
  private var state = State.fieldStart
  private var line = 1
  private var quoteLine = 1
  private var record = Record(line: 1, fields: [])
  private var field: [UInt8] = []
  /// An empty line is no record, a line with two quotes is one.
  private var hasQuotes = false
  /// Bytes of the record so far.
  private var size = 0

  /// - Parameter limit: the most bytes of a record.
  init(path: String, limit: Int = TextLines.longest) {
    self.path = path
    self.limit = limit
  }

  /// Calls `take` with each record that ends in these bytes.
  mutating func parse(
    _ bytes: [UInt8], _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(DatasetError) in
      var place = 0
      while place < bytes.count {
        // What has no meaning in this state goes over in one.
        let end = bytes[place...].firstIndex(where: isMeant) ?? bytes.count
        if end > place {
          try begin()
          field.append(contentsOf: bytes[place..<end])
          size += end - place
          guard size <= limit else { throw tooLong() }
        }
        if end < bytes.count { try parse(bytes[end], take) }
        place = end + 1
      }
    }
  }

  /// Whether a byte is more than itself here.
  private func isMeant(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\n"), 0: true
    case UInt8(ascii: ","), UInt8(ascii: "\r"): state != .quoted
    default: false
    }
  }

  /// Ordinary text is next.
  private mutating func begin() throws(DatasetError) {
    switch state {
    case .fieldStart: state = .plain
    case .plain, .quoted: break
    case .quote:
      throw fault(
        "expected a comma or the end of the line after a quoted field, found more text: double the "
          + "quotes inside the field")
    case .lineReturn: throw fault(FilePlace.returnProblem)
    }
  }

  private mutating func parse(
    _ byte: UInt8, _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    size += 1
    switch (state, byte) {
    case (_, 0): throw fault(FilePlace.nulProblem)
    case (.quoted, UInt8(ascii: "\"")): state = .quote
    case (.quoted, _):
      field.append(byte)
      if byte == UInt8(ascii: "\n") { line += 1 }
    case (.quote, UInt8(ascii: "\"")):
      field.append(byte)
      state = .quoted
    case (.fieldStart, UInt8(ascii: "\"")):
      quoteLine = line
      hasQuotes = true
      state = .quoted
    case (.lineReturn, _) where byte != UInt8(ascii: "\n"): throw fault(FilePlace.returnProblem)
    case (_, UInt8(ascii: "\n")):
      try endRecord(take)
      line += 1
      record.line = line
    case (_, UInt8(ascii: "\r")): state = .lineReturn
    case (_, UInt8(ascii: ",")): endField()
    default:
      throw fault(
        "expected no quote inside a field without quotes: put the whole field in quotes and double "
          + "those inside it")
    }
  }

  /// Ends the last record.
  mutating func finish(_ take: (Record) throws(DatasetError) -> Void) throws(DatasetError) {
    guard state != .quoted else {
      throw FilePlace(path: path, line: quoteLine).malformed(
        "expected the closing quote of the field that starts here, found the end of the file: "
          + "close it, and double the quotes inside the field")
    }
    if size > 0 { try endRecord(take) }
  }

  private mutating func endField() {
    record.fields.append(field)
    field.removeAll(keepingCapacity: true)
    state = .fieldStart
  }

  private mutating func endRecord(
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let isEmpty = record.fields.isEmpty && field.isEmpty && !hasQuotes
    endField()
    if !isEmpty { try take(record) }
    record.fields.removeAll(keepingCapacity: true)
    hasQuotes = false
    size = 0
  }

  private func fault(_ problem: String) -> DatasetError {
    FilePlace(path: path, line: line).malformed(problem)
  }

  private func tooLong() -> DatasetError {
    // As a rule a quote that was never closed takes in the rest of the file.
    FilePlace(path: path, line: state == .quoted ? quoteLine : record.line).malformed(
      "expected a row of at most \(limit) bytes, found a longer one: is a quote here not closed?")
  }
}
