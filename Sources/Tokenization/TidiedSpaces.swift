import Foundation

/// The text without the spaces that tokenized English has before punctuation and contractions,
/// as Hugging Face's `clean_up_tokenization_spaces`.
func tidyingSpaces(_ text: String) -> String {
  let replacements = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]
  return replacements.reduce(text) { text, replacement in
    text.replacingOccurrences(of: replacement.0, with: replacement.1, options: .literal)
  }
}
