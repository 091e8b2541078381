import ArgumentParser
import Backbones
import NeuralNetworks
import Training
import TuningMethods

/// `dept params`: the trainable count, from the configuration alone.
struct ParamsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "params",
    abstract: "Count what a method trains; needs no weights.",
    discussion: """
      dept params --backbone t5-base --method dept --set promptLength=40 --set rank=45
      dept params --backbone t5-base --method mpt --tasks 8     # of a run on eight tasks
      """)

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var methodOptions: MethodOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "Tasks that one run trains on.") var tasks = 1
  @Flag(help: "Print one JSON document.") var json = false

  private struct Counts: Encodable {
    let trainable, total: Int
    /// With several tasks only.
    let tasks: Int?
    let perTask: Double?
  }

  func validate() throws {
    guard (1...1 << 20).contains(tasks) else {
      throw ValidationError("--tasks must be at least 1 and at most \(1 << 20)")
    }
  }

  func run() throws {
    let architecture = try surroundingsOptions.surroundings().architecture(
      of: backboneOptions.id)
    let method = try methodOptions.resolved()
    let anatomy = try architecture.described().anatomy
    let problems = method.problems(on: anatomy, taskCount: tasks)
    guard problems.isEmpty else { throw Failure(.usage, problems.joined(separator: "; ")) }
    let adaptation = method.adaptation(of: anatomy, taskCount: tasks)
    let counts = Counts(
      trainable: adaptation.scalarCount,
      total: TunedModel.totalScalarCount(of: anatomy, adaptation),
      tasks: tasks > 1 ? tasks : nil,
      perTask: tasks > 1 ? Double(adaptation.scalarCount) / Double(tasks) : nil)
    if json { return try Output.json(counts) }
    let share = 100 * Double(counts.trainable) / Double(counts.total)
    print("trainable \(counts.trainable) of \(counts.total) (\(share.rounded(to: 3)) %)")
    // What is published is about T5-base.
    let isPublished = (backboneOptions.id.randomArchitecture ?? backboneOptions.id) == .t5Base
    if isPublished, let note = type(of: method).countNote { print(note) }
    if let perTask = counts.perTask {
      print("\(perTask.rounded(to: 1)) for each of \(tasks) tasks")
    }
  }
}

extension Double {
  /// The number with at most so many decimals, without trailing zeros.
  func rounded(to decimals: Int) -> String {
    var (scaled, factor) = (self, 1.0)
    for _ in 0..<decimals { factor *= 10 }
    scaled = (self * factor).rounded() / factor
    return scaled == scaled.rounded() ? String(Int(scaled)) : String(scaled)
  }
}
