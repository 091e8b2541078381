import ArgumentParser
import Backbones
import Tokenization

/// `dept tokenize`: the ids that a backbone's vocabulary gives to lines of text.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn lines of text into the ids of a vocabulary.",
    discussion: """
      Reads texts from standard input, one a line, and prints the ids of each on a line of its \
      own, the end of the sequence included.

      Example:
        echo 'sst2 sentence: it is great' | dept tokenize --tokenizer spiece.model
        dept tokenize --backbone nano --json < texts.txt
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "The backbone whose vocabulary is used: a name, or a directory.")
  var backbone: String?

  @Option(help: "A vocabulary: a SentencePiece model, or a directory that holds one.")
  var tokenizer: String?

  @Flag(help: "Print each line's ids as a JSON array.")
  var json = false

  func validate() throws {
    guard (backbone == nil) != (tokenizer == nil) else {
      throw ValidationError("give either --backbone or --tokenizer")
    }
  }

  func run() throws {
    let tokenizer = try opened()
    while let line = readLine() {
      let ids = tokenizer.encode(line).map(String.init)
      print(json ? "[\(ids.joined(separator: ","))]" : ids.joined(separator: " "))
    }
  }

  private func opened() throws -> any Tokenizer {
    if let tokenizer { return try openTokenizer(at: tokenizer) }
    return try surroundingsOptions.surroundings().tokenizer(
      of: BackboneID(rawValue: backbone ?? ""))
  }
}
