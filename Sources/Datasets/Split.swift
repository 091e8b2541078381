/// The three parts of a data set: what is trained on, what is selected on, what is reported.
public enum Split: String, CaseIterable, Hashable, Sendable, Codable, CodingKeyRepresentable {
  case train
  case validation
  case test
}
