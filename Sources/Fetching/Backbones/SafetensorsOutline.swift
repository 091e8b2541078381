import Foundation

/// A cheap look at a file of weights: whether its header fits its length.
enum SafetensorsOutline {
  private struct Tensor: Decodable {
    var data_offsets: [Int]?
  }

  /// What is wrong with the file, or `nil`.
  static func fault(of file: URL) -> String? {
    guard let size = FileManager.default.size(of: file),
      let handle = try? FileHandle(forReadingFrom: file)
    else { return "it cannot be read" }
    defer { try? handle.close() }
    guard let start = try? handle.read(upToCount: 8), start.count == 8 else {
      return "it is shorter than a header"
    }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= 100_000_000, Int(length) <= size - 8,
      let header = try? handle.read(upToCount: Int(length)), header.count == Int(length),
      let tensors = try? JSONDecoder().decode([String: Tensor].self, from: header)
    else { return "its header is damaged" }
    let end = tensors.values.compactMap { $0.data_offsets?.last }.max() ?? 0
    guard end == size - 8 - Int(length) else {
      return "it has \(size) bytes, its header speaks of \(end + 8 + Int(length))"
    }
    return nil
  }
}
