import ArgumentParser

/// `dept data`: looks into data sets.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look into a data set: its examples and its numbers.",
    discussion: """
      Examples:
        dept data show rte --split validation --limit 3
        dept data stats sst2 --json
        dept data prepare sst2 --backbone t5-base
      """,
    subcommands: [DataShowCommand.self, DataStatsCommand.self, DataPrepareCommand.self])
}
