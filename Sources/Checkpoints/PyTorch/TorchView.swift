/// The numbers of one `torch.save` storage: an entry of the archive.
struct TorchStorage: Hashable, Sendable {
  /// The entry's name below `data/`.
  var key: String
  var type: StorageType
  /// How many numbers it has.
  var count: Int
}

/// A tensor as a view of a storage: several may share one, with strides of their own.
struct TorchView: Hashable, Sendable {
  var storage: TorchStorage
  /// The index of its first number in the storage.
  var offset: Int
  var shape: [Int]
  /// How many numbers of the storage lie between neighbours along each axis.
  var strides: [Int]

  /// How many numbers it has, and the part of the storage that they lie in.
  let elementCount: Int
  let span: Range<Int>

  /// Checks that a view lies inside its storage; nil where it does not.
  init?(storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) {
    guard offset >= 0, shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }),
      strides.allSatisfy({ $0 >= 0 })
    else { return nil }
    var last = offset
    var count = 1
    let isEmpty = shape.contains(0)
    for (length, stride) in zip(shape, strides) where !isEmpty {
      let (product, tooMany) = count.multipliedReportingOverflow(by: length)
      let (reach, tooFar) = (length - 1).multipliedReportingOverflow(by: stride)
      let (sum, beyond) = last.addingReportingOverflow(reach)
      guard !tooMany, !tooFar, !beyond else { return nil }
      (count, last) = (product, sum)
    }
    if isEmpty {
      elementCount = 0
      span = 0..<0
    } else {
      guard last < storage.count else { return nil }
      elementCount = count
      span = offset..<last + 1
    }
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
  }

  /// Whether its numbers lie side by side in row-major order.
  var isContiguous: Bool {
    var expected = 1
    for (length, stride) in zip(shape, strides).reversed() where length != 1 {
      guard stride == expected else { return false }
      expected *= length
    }
    return true
  }

  /// Its numbers in row-major order, given those of its span.
  func gathered(from span: [Float]) -> [Float] {
    if elementCount == 0 || isContiguous { return span }
    guard let length = shape.last, let step = strides.last else { return span }
    var numbers: [Float] = []
    numbers.reserveCapacity(elementCount)
    var position = [Int](repeating: 0, count: shape.count - 1)
    var start = 0
    while true {
      for index in 0..<length { numbers.append(span[start + index * step]) }
      // The next row, as an odometer counts.
      var axis = position.count - 1
      while axis >= 0 {
        position[axis] += 1
        start += strides[axis]
        if position[axis] < shape[axis] { break }
        start -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return numbers }
    }
  }
}
