import ArgumentParser
import Datasets
import Training

/// How answers are found.
struct DecodingOptions: ParsableArguments {
  @Option(help: "generation: write any text; labels: choose the most probable label.")
  var decode = TrainingSchedule.Decoding.generation

  @Option(help: "Beams; 1 is greedy.") var beams = 1

  @Option(
    parsing: .singleValue,
    help: "A text that --decode labels may choose; repeat for each (default: the data set's).")
  var label: [String] = []

  func validate() throws {
    guard (1...1024).contains(beams) else {
      throw ValidationError("--beams must be at least 1 and at most 1024")
    }
    guard decode == .labels || label.isEmpty else {
      throw ValidationError("--label is a choice of --decode labels; add that")
    }
    guard decode == .generation || beams == 1 else {
      throw ValidationError("--decode labels scores every label: it has no use for --beams")
    }
  }

  /// The plan, with the labels of `dataset` where none are named.
  ///
  /// - Throws: `Failure` where there are no labels to choose among.
  func plan(
    maximumLength: Int, on dataset: (any Dataset)? = nil,
    as preparation: Preparation = .standard
  ) throws -> DecodingPlan {
    guard decode == .labels else {
      return DecodingPlan(beams: beams, maximumLength: maximumLength)
    }
    if label.isEmpty, let dataset {
      return try .labels(
        Self.labels(of: dataset, as: preparation, orElse: "name them with --label TEXT, or "))
    }
    return try .labels(label)
  }

  /// The texts of a data set's labels.
  ///
  /// - Parameter remedy: what may be done instead of writing answers freely.
  /// - Throws: `Failure` where its answers are free text.
  static func labels(
    of dataset: any Dataset, as preparation: Preparation = .standard, orElse remedy: String = ""
  ) throws -> [String] {
    guard !dataset.labels.isEmpty else {
      throw Failure(
        .invalid,
        "The data set '\(dataset.id)' has no labels to choose among: its answers are free text; "
          + "\(remedy)leave --decode labels out.")
    }
    return preparation.targets(of: dataset)
  }
}
