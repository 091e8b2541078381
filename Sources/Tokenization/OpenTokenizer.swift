import Foundation

/// Opens the tokenizer of a backbone: that of a directory in Hugging Face layout, or of one
/// SentencePiece model file.
public func openTokenizer(at path: String) throws(TokenizerError) -> any Tokenizer {
  var isDirectory: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
    throw .missingFile(path: path)
  }
  return isDirectory.boolValue
    ? try T5Tokenizer(directory: path) : try T5Tokenizer(modelAt: path)
}
