/// Which reading of a data set is meant where the paper's code departs from what it describes.
public enum DataForm: String, Hashable, Sendable, Codable, CaseIterable {
  /// What the data set and the paper's text say.
  case corrected
  /// What the code behind the paper's numbers does, its mistakes included.
  case asPublished = "as-published"
}
