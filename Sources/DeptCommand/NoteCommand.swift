import ArgumentParser
import RunStorage

/// `dept note`: keeps a remark on an experiment or a run.
struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Keep a remark on an experiment or a run.",
    discussion: "Example: dept note glue \"the learning rate of the prompt was too high\"")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "An experiment, or a run's id or its first digits.") var subject: String
  @Argument(help: "The remark; Markdown.") var text: String

  func validate() throws {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("the remark is empty")
    }
  }

  func run() throws {
    let store = try surroundingsOptions.store()
    let about: NoteSubject =
      try store.experiments().contains(subject)
      ? .experiment(subject) : .run(try store.identity(subject))
    try Remark.note(text, on: about).record(home: surroundingsOptions.homePath)
  }
}
