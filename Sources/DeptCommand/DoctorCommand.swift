import ArgumentParser

/// `dept doctor`: whether everything that is needed is there, and what to do where it is not.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check compiler, libraries, threads, device, disk and store.",
    discussion: "Example: dept doctor --json")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Print one JSON document.") var json = false

  private struct Listing: Encodable {
    let version: String
    let healthy: Bool
    let checks: [HealthCheck]
  }

  func run() async throws {
    let surroundings = surroundingsOptions.surroundings()
    let checks = [
      await HealthCheck.compiler(surroundings), await HealthCheck.library(surroundings),
      HealthCheck.products(), HealthCheck.threads(surroundings), HealthCheck.device(),
      HealthCheck.disk(surroundings), HealthCheck.store(surroundings),
      HealthCheck.downloads(surroundings), HealthCheck.backbone(surroundings),
    ]
    let problems = checks.count { $0.verdict == .problem }
    if json {
      try Output.json(Listing(version: Version.current, healthy: problems == 0, checks: checks))
    } else {
      for check in checks { print(check.text) }
    }
    guard problems == 0 else {
      throw Failure(
        .unavailable,
        "\(problems) problem\(problems == 1 ? "" : "s") found; the remedies are given above")
    }
  }
}
