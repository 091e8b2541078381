public import Backbones
public import Datasets
public import Foundation

/// Where the ids of examples are kept, so that they are found once for a data set, its wording and
/// a vocabulary, not once for a run.
///
/// Every file in it can be made again: it may be deleted at any time.
public struct TokenCache: Hashable, Sendable {
  /// The folder of the files; it is made when the first is written.
  public let directory: URL

  public init(directory: URL) { self.directory = directory }

  /// The file of a split.
  ///
  /// - Parameter key: stands for everything that decides the ids: the data, their wording, the
  ///   vocabulary.
  public func file(_ key: String, _ split: Split) -> URL {
    directory.appending(path: "\(key).\(split).tokens")
  }

  /// The ids of a split, found now where they are not kept yet.
  ///
  /// - Returns: `nil` where they cannot be kept: they are found example by example then.
  public func tokens(
    of examples: Examples, _ split: Split, key: String, text: BackboneText,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> TokenFile? {
    let file = file(key, split)
    if let known = TokenFile(contentsOf: file), known.count == examples.count {
      // What was used last goes last.
      try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
      return known
    }
    try? TokenFile.write(examples, as: text, to: file, threads: threads)
    return TokenFile(contentsOf: file)
  }
}
