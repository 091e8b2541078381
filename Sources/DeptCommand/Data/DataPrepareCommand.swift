import ArgumentParser
import Backbones
import Datasets
import Foundation
import Scheduling
import Tokenization
import Training

/// `dept data prepare`: finds the ids of a data set's examples and keeps them for later runs.
struct DataPrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Read, word and tokenise a data set, and keep the ids for later runs.",
    discussion: """
      Runs do this by themselves when they first need it; doing it before shows how many sources a \
      length would cut.

      Example:
        dept data prepare sst2 --backbone nano --json
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "A data set's name, or the path of own data.") var name: String
  @Option(help: "Whose vocabulary: a backbone by name or directory.") var backbone: String
  @Option(help: "Count the sources that are longer, in tokens (default: the data set's length).")
  var sourceLength: Int?
  @OptionGroup var preparationOptions: PreparationOptions
  @Flag(help: "Find the ids anew, even where they are kept already.") var again = false
  @Flag(help: "Print one JSON document.") var json = false

  private struct Part: Encodable {
    let examples, tokens, cut: Int
    let file: String?
  }

  private struct Answer: Encodable {
    let dataset, backbone: String
    let source_length: Int
    let splits: [String: Part]
    let seconds: Double
  }

  func validate() throws {
    guard sourceLength ?? 1 > 0 else { throw ValidationError("--source-length must be at least 1") }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let dataset = try DatasetCatalogue.standard.dataset(DatasetID(rawValue: name))
    let preparation = try preparationOptions.preparation(of: dataset)
    let id = BackboneID(rawValue: backbone)
    let text = try surroundings.text(of: id)
    let files = surroundings.fileDigests
    let clock = ContinuousClock()
    let start = clock.now
    let key = try surroundings.planDigests(files).tokenKey(
      of: dataset.id, as: preparation, id, in: surroundings.backboneDirectory(id), files)
    files.save()
    let prepared = try dataset.load(from: surroundings.dataDirectory, as: preparation)
    let cache = TokenCache(directory: surroundings.tokenDirectory)
    let limit = sourceLength ?? dataset.sourceLength
    var parts: [String: Part] = [:]
    for split in Split.allCases {
      let file = cache.file(key, split)
      if again { try? FileManager.default.removeItem(at: file) }
      let tokens = cache.tokens(
        of: prepared[split], split, key: key, text: text, threads: surroundings.threads)
      guard let tokens else {
        throw Failure(
          .unavailable,
          "\(file.path) cannot be written: free some space, or choose another place with --home")
      }
      let lengths = (0..<tokens.count).lazy.map(tokens.sourceLength)
      parts[split.rawValue] = Part(
        examples: tokens.count, tokens: lengths.reduce(0, +), cut: lengths.count { $0 > limit },
        file: tokens.count > 0 ? file.path : nil)
    }
    let answer = Answer(
      dataset: dataset.id.rawValue, backbone: backbone, source_length: limit, splits: parts,
      seconds: start.duration(to: clock.now) / .seconds(1))
    if json { return try Output.json(answer) }
    for split in Split.allCases {
      guard let part = parts[split.rawValue], part.examples > 0 else { continue }
      print(
        "\(split): \(part.examples) examples, \(part.tokens) source tokens; \(limit) tokens cut "
          + "\(part.cut) of them")
    }
    print("ready in \(answer.seconds.rounded(to: 2)) s")
  }
}
