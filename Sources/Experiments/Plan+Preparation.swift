public import Backbones
public import Datasets
import Training

extension Plan {
  /// What the model reads, in place of the data set's own template; several multiply the runs.
  ///
  /// ```swift
  /// .template("{premise} Question: {hypothesis} True or false?", "{hypothesis} because {premise}")
  /// ```
  public func template(_ templates: Template...) -> Plan {
    multiplied(over: templates, axis: "template") { $0.spec.preparation.template = $1 }
  }

  /// What the model writes for each class, in the order of the data set's labels (the verbalizer of
  /// prompt-based fine-tuning): `.labelWords("no", "yes")`.
  ///
  /// Answers are read back as the data set's own words before they are judged.
  public func labelWords(_ words: String...) -> Plan {
    map { entry in
      let labels = entry.spec.datasets.map {
        (try? DatasetCatalogue.standard.dataset($0))?.labels.map(\.target) ?? []
      }
      guard let own = labels.first, labels.allSatisfy({ $0 == own }), own.count == words.count
      else {
        let counts = Set(labels.map(\.count)).sorted().map(String.init).joined(separator: " and ")
        let given = "\(words.count) word\(words.count == 1 ? "" : "s")"
        entry.mistakes.append(
          "`.labelWords` got \(given) for \(counts) classes; give one for each, or name the "
            + "classes: .labelWords([\"0\": \"no\"])"
        )
        return
      }
      entry.spec.preparation.labelWords = Dictionary(uniqueKeysWithValues: zip(own, words))
    }
  }

  /// What the model writes for classes, by the data set's own words for them, or by those of own
  /// data: `.labelWords(["0": "no", "1": "yes"])`.
  public func labelWords(_ words: [String: String]) -> Plan {
    map { $0.spec.preparation.labelWords = words.isEmpty ? nil : words }
  }

  /// The column of own data that holds what the model is trained to write.
  public func targetColumn(_ name: String) -> Plan {
    map { $0.spec.preparation.targetColumn = name }
  }

  /// Repeats what the code behind the paper's numbers does, its mistakes included; the catalogue
  /// says what that is for each data set.
  public func asPublished() -> Plan {
    map { $0.spec.preparation.form = .asPublished }
  }

  /// Which end of a source that is too long is lost.
  public func truncation(_ end: Truncation) -> Plan {
    map { $0.spec.schedule.truncation = end == .end ? nil : end }
  }
}
