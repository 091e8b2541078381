import ArgumentParser
import RunStorage

/// `dept tag`: gives a run a name.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Give a run a name.",
    discussion: "Example: dept tag 3f2a best")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "The run's id, or its first digits.") var id: String
  @Argument(help: "The name.") var name: String

  func run() throws {
    let run = try surroundingsOptions.store().identity(id)
    try Remark.tag(run: run, name: name).record(home: surroundingsOptions.homePath)
  }
}
