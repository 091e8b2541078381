import Foundation

/// Opens the tokenizer of a backbone: that of a directory in Hugging Face layout, or of one file
/// of a vocabulary.
///
/// `spiece.model` is T5's, `vocab.json` with `merges.txt` is GPT-2's, and `tokenizer.json`
/// either's; where there are several, the first of `spiece.model`, `tokenizer.json` and
/// `vocab.json` is read.
public func openTokenizer(at path: String) throws(TokenizerError) -> any Tokenizer {
  var isDirectory: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
    throw .missingFile(path: path)
  }
  if isDirectory.boolValue {
    for name in ["spiece.model", "tokenizer.json", "vocab.json", "merges.txt"]
    where VocabularyFile.exists("\(path)/\(name)") {
      return try openTokenizer(at: "\(path)/\(name)")
    }
    throw .missingVocabulary(directory: path)
  }
  switch URL(filePath: path).lastPathComponent {
  case "vocab.json", "merges.txt":
    return try BytePairTokenizer(filesIn: VocabularyFile.directory(of: path))
  case let name where name.hasSuffix(".json"):
    return try TokenizerKind(jsonAt: path) == .bytePair
      ? BytePairTokenizer(jsonAt: path) : T5Tokenizer(modelAt: path)
  default: return try T5Tokenizer(modelAt: path)
  }
}

/// What a `tokenizer.json` holds.
private enum TokenizerKind {
  case unigram, bytePair

  private struct Written: Decodable {
    struct Model: Decodable {
      var type: String?
      var merges: Merges?
    }
    struct Merges: Decodable { init(from decoder: any Decoder) {} }
    var model: Model
  }

  init(jsonAt path: String) throws(TokenizerError) {
    let written = try VocabularyFile.json(
      VocabularyFile.contents(of: path), Written.self, path: path,
      expecting: "a tokenizer.json as Hugging Face writes it")
    // Early files leave the type out, and only BPE has merges.
    switch written.model.type ?? (written.model.merges == nil ? "Unigram" : "BPE") {
    case "Unigram": self = .unigram
    case "BPE": self = .bytePair
    case let type:
      throw .malformedSettings(
        path: path,
        reason: "its vocabulary is of type \(type), use T5's (Unigram) or GPT-2's (BPE)")
    }
  }
}
