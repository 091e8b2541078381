import ArgumentParser

/// `dept adapter`: what has been trained, as files.
struct AdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "Show adapters, exchange them with Hugging Face's PEFT, fold them into a backbone.",
    subcommands: [
      AdapterShowCommand.self, AdapterConvertCommand.self, AdapterMergeCommand.self,
    ])
}
