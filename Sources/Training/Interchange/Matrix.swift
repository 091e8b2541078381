import TensorEngine

/// Numbers of a matrix `[rows, columns]` in row-major order, on their way from one file to another.
struct Matrix: Hashable {
  var rows: Int
  var columns: Int
  var values: [Float]

  init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(zeros rows: Int, _ columns: Int) {
    self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
  }

  /// - Precondition: the tensor has two axes.
  init(_ tensor: Tensor) {
    self.init(rows: tensor.shape[0], columns: tensor.shape[1], values: tensor.scalars)
  }

  subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var shape: [Int] { [rows, columns] }

  var transposed: Matrix {
    var result = Matrix(zeros: columns, rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  func row(_ row: Int) -> [Float] { Array(values[row * columns..<(row + 1) * columns]) }

  /// Some rows.
  func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// Writes another matrix into a part of this one.
  ///
  /// - Precondition: it fits there.
  mutating func place(_ part: Matrix, atRow row: Int, column: Int) {
    for line in 0..<part.rows {
      for place in 0..<part.columns { self[row + line, column + place] = part[line, place] }
    }
  }

  func scaled(by factor: Float) -> Matrix {
    factor == 1 ? self : Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
  }
}
