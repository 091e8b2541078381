public import Backbones
public import Datasets
import Foundation

/// How a run reads its examples: what an adapter has to be judged with to be judged as it was
/// trained.
public struct SourceReading: Hashable, Sendable, Codable {
  public var preparation: Preparation
  /// The longest source in tokens.
  public var sourceLength: Int
  public var truncation: Truncation

  public init(preparation: Preparation, sourceLength: Int, truncation: Truncation) {
    self.preparation = preparation
    self.sourceLength = sourceLength
    self.truncation = truncation
  }

  /// Reads what `json` writes; `nil` where it is something else.
  public init?(json: String) {
    guard let reading = try? JSONDecoder().decode(SourceReading.self, from: Data(json.utf8)) else {
      return nil
    }
    self = reading
  }

  /// One line with sorted keys.
  public var json: String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Trainer {
  /// How this run reads the examples of its first task, as a rule the only one.
  public var reading: SourceReading {
    SourceReading(
      preparation: tasks[0].preparation, sourceLength: sourceLength,
      truncation: schedule.truncation ?? .end)
  }
}
