/// Reads the pickle of a dictionary of tensors, and never runs anything of it.
///
/// A pickle is a program for a stack machine. This one knows the operations and names that
/// dictionaries of tensors consist of and refuses all others; every operation takes at least a byte
/// of the pickle and makes at most one value, so that reading ends, and ends soon.
struct PickleMachine {
  /// Why a pickle cannot be read.
  enum Failure: Error {
    /// It is not whole, or contradicts itself.
    case damaged(String)
    /// It asks for something that is not data.
    case refused(String)
  }

  /// A longer stack than any dictionary of tensors needs: Python's batches have 2000 values.
  private static let tallest = 1 << 16
  /// More collections and tensors than that would let a small file ask for much memory.
  private static let most = 1 << 20
  /// PyTorch's own limit of axes.
  private static let mostAxes = 64

  /// The elements of each tuple, list and dictionary (its keys and values in turn).
  private(set) var sequences: [[PickleValue]] = []
  private(set) var storages: [TorchStorage] = []
  private(set) var tensors: [TorchView] = []

  private let bytes: BoundedBytes
  private var position = 0
  private var stack: [PickleValue] = []
  /// The heights of the stack where marks were set.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = BoundedBytes(bytes: bytes) }

  /// Reads the pickle and returns the one value that it stands for.
  mutating func run() throws(Failure) -> PickleValue {
    while true {
      let start = position
      let byte = try number(UInt8.self)
      guard let code = PickleOpcode(rawValue: UInt8(byte)) else {
        throw .refused(
          """
          asks for the pickle operation \(PickleOpcode.refusedName(UInt8(byte))) at byte \(start), \
          which tensors do not need
          """)
      }
      if code == .stop { return try pop() }
      try step(code)
      guard stack.count <= Self.tallest, marks.count <= Self.tallest,
        sequences.count <= Self.most, tensors.count <= Self.most
      else {
        throw damaged("more values wait for their use than a dictionary of tensors has")
      }
    }
  }

  private mutating func step(_ code: PickleOpcode) throws(Failure) {
    switch code {
    case .proto: _ = try number(UInt8.self)
    case .frame: _ = try number(UInt64.self)
    case .mark: marks.append(stack.count)
    case .stop: break
    case .none: stack.append(.none)
    case .newTrue: stack.append(.boolean(true))
    case .newFalse: stack.append(.boolean(false))
    case .byte: stack.append(.integer(try number(UInt8.self)))
    case .twoBytes: stack.append(.integer(try number(UInt16.self)))
    case .fourBytes: stack.append(.integer(try number(Int32.self)))
    case .long: stack.append(.integer(try long()))
    case .float: stack.append(.number(try float()))
    case .shortText: stack.append(.text(try text(try number(UInt8.self))))
    case .text: stack.append(.text(try text(try number(UInt32.self))))
    case .longText: stack.append(.text(try text(try number(UInt64.self))))
    case .emptyTuple: stack.append(.tuple(sequence([])))
    case .tuple1: try tuple(1)
    case .tuple2: try tuple(2)
    case .tuple3: try tuple(3)
    case .tuple: stack.append(.tuple(sequence(try popToMark())))
    case .emptyList: stack.append(.list(sequence([])))
    case .append: try append([try pop()])
    case .appends: try append(try popToMark())
    case .emptyDictionary: stack.append(.dictionary(sequence([])))
    case .setItem:
      let value = try pop()
      try setItems([try pop(), value])
    case .setItems: try setItems(try popToMark())
    case .global: stack.append(.global(try global(module: try line(), name: try line())))
    case .stackGlobal:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw damaged("a name is no text")
      }
      stack.append(.global(try global(module: module, name: name)))
    case .persistentID: try makeStorage(try pop())
    case .reduce: try reduce()
    case .build: try build()
    case .put: memo[try number(UInt8.self)] = try top()
    case .longPut: memo[try number(UInt32.self)] = try top()
    case .memoize: memo[memo.count] = try top()
    case .get: try recall(try number(UInt8.self))
    case .longGet: try recall(try number(UInt32.self))
    }
  }

  func damaged(_ reason: String) -> Failure {
    .damaged("at byte \(position) of its pickle, \(reason)")
  }
}

// MARK: What operations are followed by

extension PickleMachine {
  /// The little-endian number that comes next.
  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type)
    throws(Failure) -> Int
  {
    guard let number = bytes.index(at: position, as: type) else {
      throw damaged("it ends too early")
    }
    position += MemoryLayout<Number>.size
    return number
  }

  /// A number in two's complement of as many bytes as it needs.
  private mutating func long() throws(Failure) -> Int {
    let count = try number(UInt8.self)
    guard count <= 8 else { throw damaged("a number has \(count) bytes") }
    var bits: UInt64 = 0
    var byte = 0
    for place in 0..<count {
      byte = try number(UInt8.self)
      bits |= UInt64(byte) << UInt64(8 * place)
    }
    if byte & 0x80 != 0, count < 8 { bits |= UInt64.max << UInt64(8 * count) }
    return Int(truncatingIfNeeded: bits)
  }

  /// A number with 64 bits, the only one that is big-endian.
  private mutating func float() throws(Failure) -> Double {
    guard let bits = bytes.integer(at: position, as: UInt64.self) else {
      throw damaged("it ends too early")
    }
    position += 8
    return Double(bitPattern: bits.byteSwapped)
  }

  private mutating func text(_ count: Int) throws(Failure) -> String {
    guard bytes.part(at: position, count: count) != nil else { throw damaged("it ends too early") }
    guard let text = bytes.text(at: position, count: count) else {
      throw damaged("a text is not UTF-8")
    }
    position += count
    return text
  }

  /// The text up to the end of a line.
  private mutating func line() throws(Failure) -> String {
    let start = position
    while try number(UInt8.self) != 0x0a {}
    guard let line = bytes.text(at: start, count: position - 1 - start) else {
      throw damaged("a name is not UTF-8")
    }
    return line
  }

  private func global(module: String, name: String) throws(Failure) -> PickleGlobal {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw .refused("asks for `\(module).\(name)`, which is code and not data")
    }
    return global
  }
}

// MARK: The stack

extension PickleMachine {
  private func top() throws(Failure) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw damaged("a value is missing")
    }
    return value
  }

  mutating func pop() throws(Failure) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func popToMark() throws(Failure) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw damaged("a mark is missing") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func sequence(_ values: [PickleValue]) -> Int {
    sequences.append(values)
    return sequences.count - 1
  }

  private mutating func tuple(_ count: Int) throws(Failure) {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    stack.append(.tuple(sequence(values.reversed())))
  }

  private mutating func append(_ values: [PickleValue]) throws(Failure) {
    guard case .list(let index) = try top() else { throw damaged("a list is missing") }
    sequences[index] += values
  }

  private mutating func setItems(_ values: [PickleValue]) throws(Failure) {
    guard case .dictionary(let index) = try top(), values.count.isMultiple(of: 2) else {
      throw damaged("a dictionary or a value of one is missing")
    }
    sequences[index] += values
  }

  private mutating func recall(_ index: Int) throws(Failure) {
    guard let value = memo[index] else { throw damaged("a value that it refers to is missing") }
    stack.append(value)
  }
}

// MARK: What names stand for

extension PickleMachine {
  /// A storage from `("storage", class, key, device, count)`.
  private mutating func makeStorage(_ identifier: PickleValue) throws(Failure) {
    guard case .tuple(let index) = identifier, sequences[index].count == 5,
      case .text("storage") = sequences[index][0],
      case .global(.storage(let type)) = sequences[index][1],
      case .text(let key) = sequences[index][2],
      case .integer(let count) = sequences[index][4], count >= 0
    else { throw damaged("a reference to a storage is not whole") }
    storages.append(TorchStorage(key: key, type: type, count: count))
    stack.append(.storage(storages.count - 1))
  }

  /// Does what one of the known functions would do with its arguments.
  private mutating func reduce() throws(Failure) {
    guard case .tuple(let index) = try pop(), case .global(let function) = try pop() else {
      throw damaged("a function or its arguments are missing")
    }
    let arguments = sequences[index]
    switch function {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw damaged("an ordered dictionary has arguments") }
      stack.append(.dictionary(sequence([])))
    case .rebuildTensor:
      stack.append(try tensor(arguments))
    case .rebuildParameter:
      guard case .tensor(let tensor)? = arguments.first else {
        throw damaged("a parameter has no tensor")
      }
      stack.append(.tensor(tensor))
    case .storage:
      throw damaged("a storage is made without its bytes")
    }
  }

  /// A tensor from `(storage, offset, shape, strides, …)`; what follows is about gradients.
  private mutating func tensor(_ arguments: [PickleValue]) throws(Failure) -> PickleValue {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
      let strides = integers(arguments[3])
    else { throw damaged("the description of a tensor is not whole") }
    guard
      let view = TorchView(
        storage: storages[storage], offset: offset, shape: shape, strides: strides)
    else {
      throw damaged(
        """
        a tensor of shape \(brief(shape)) and strides \(brief(strides)) from number \(offset) on \
        does not lie in its storage of \(storages[storage].count) numbers
        """)
    }
    tensors.append(view)
    return .tensor(tensors.count - 1)
  }

  /// Takes the attributes of a dictionary, such as the versions of modules, off the stack.
  private mutating func build() throws(Failure) {
    _ = try pop()
    guard case .dictionary = try top() else { throw damaged("attributes belong to no dictionary") }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value, sequences[index].count <= Self.mostAxes else {
      return nil
    }
    var integers: [Int] = []
    for element in sequences[index] {
      guard case .integer(let integer) = element else { return nil }
      integers.append(integer)
    }
    return integers
  }

  private func brief(_ numbers: [Int]) -> String {
    numbers.count <= 8 ? "\(numbers)" : "\(numbers.prefix(8)) and so on"
  }
}
