import ArgumentParser

extension AdapterOptions {
  /// The options of an adapter that a command names by an argument of its own.
  init(adapter: String, method: String?, settings: [String]) throws {
    self = try Self.parse(
      ["--adapter", adapter] + (method.map { ["--method", $0] } ?? [])
        + settings.flatMap { ["--set", $0] })
  }
}
