/// Examples in a fixed order; of a large data set they lie in a file and are read one at a time.
public struct Examples: Sendable {
  private enum Storage: Sendable {
    case values([Example])
    case packed(PackedExamples)
  }

  private let storage: Storage
  /// The places in `storage`, where they are not all of it in its order.
  private let order: [UInt32]?

  public init(_ values: some Sequence<Example>) {
    storage = .values(Array(values))
    order = nil
  }

  init(_ packed: PackedExamples) {
    storage = .packed(packed)
    order = nil
  }

  private init(_ storage: Storage, order: [UInt32]) {
    self.storage = storage
    self.order = order
  }

  /// The examples at these places, in their order.
  public func selecting(_ places: some Sequence<Int>) -> Examples {
    Examples(storage, order: places.map { order?[$0] ?? UInt32($0) })
  }
}

extension Examples: RandomAccessCollection {
  public var startIndex: Int { 0 }

  public var endIndex: Int {
    if let order { return order.count }
    return switch storage {
    case .values(let values): values.count
    case .packed(let packed): packed.count
    }
  }

  public subscript(index: Int) -> Example {
    let place = order.map { Int($0[index]) } ?? index
    return switch storage {
    case .values(let values): values[place]
    case .packed(let packed): packed[place]
    }
  }
}

extension Examples: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Example...) { self.init(elements) }
}

extension Examples: Hashable {
  public static func == (a: Examples, b: Examples) -> Bool { a.elementsEqual(b) }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for example in self { hasher.combine(example) }
  }
}
