import Foundation
import Testing

/// Real text in the folder of reference data, unpacked by the system's own programs.
enum SharedText {
  /// The program that prints what an archive holds, and its arguments.
  struct Source: Sendable, CustomTestStringConvertible {
    var archive: String
    var entry: String?

    var testDescription: String { [archive, entry].compactMap(\.self).joined(separator: " ") }

    /// Whether the archive is there; its program is part of every system this runs on.
    var isPresent: Bool { SharedFolder.has(archive) }

    /// The lines that begin the text, without their ends: `size` bytes of them.
    func lines(size: Int) throws -> [String] {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      let path = (SharedFolder.path ?? "") + "/" + archive
      process.arguments =
        entry.map { ["unzip", "-p", path, $0] } ?? ["xz", "--decompress", "--stdout", path]
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      // To its end: a program that is left with half of its output would wait for ever.
      let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data()).prefix(size)
      process.waitUntilExit()
      return bytes.split(separator: UInt8(ascii: "\n")).dropLast()
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private static let glue = "mirror/dl.fbaipublicfiles.com/glue/data"

  static let sources = [
    Source(archive: "\(glue)/SST-2.zip", entry: "SST-2/train.tsv"),
    Source(archive: "\(glue)/CoLA.zip", entry: "CoLA/train.tsv"),
    Source(archive: "\(glue)/RTE.zip", entry: "RTE/train.tsv"),
    Source(archive: "\(glue)/MNLI.zip", entry: "MNLI/train.tsv"),
    Source(archive: "corpora/wikitext-2-valid-test.txt.xz"),
  ]
}
