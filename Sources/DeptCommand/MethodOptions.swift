import ArgumentParser
import Experiments
import Foundation
import NeuralNetworks
import TuningMethods

/// Which method a command tunes with, and its hyperparameters.
struct MethodOptions: ParsableArguments {
  @Option(
    help: """
      The tuning method, as 'dept methods' lists them; several with + between them: dept+lora.
      """)
  var method: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: """
      A hyperparameter by its Swift name, such as promptLength=40 or targets=query,value, or \
      lora.rank=8 where there are several methods; repeat for more.
      """)
  var settings: [String] = []

  /// The method with its settings applied.
  ///
  /// - Throws: `Failure` naming what is known, for a wrong name, key or value.
  func resolved() throws -> any TuningMethod {
    let settings = try Self.parsed(settings)
    let names = method.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains("") else {
      throw Failure(.usage, "A method is missing beside the + of --method \(method).")
    }
    let chosen: any TuningMethod
    do {
      chosen =
        names.count == 1
        ? try MethodDescription(name: method, hyperparameters: settings).catalogued()
        : Stacked(try names.map { try member($0, of: names, settings) })
    } catch let error as MethodDescriptionError {
      throw Failure(.usage, error.description)
    }
    guard chosen.issues.isEmpty else {
      throw Failure(.usage, chosen.issues.joined(separator: "; "))
    }
    return chosen
  }

  /// One of several methods with the settings that begin with its name.
  private func member(
    _ name: String, of names: [String], _ settings: [String: JSONValue]
  ) throws -> any TuningMethod {
    for setting in settings.keys.sorted()
    where !names.contains(setting.split(separator: ".").first.map(String.init) ?? "") {
      throw Failure(
        .usage,
        "--set \(setting) does not say whose it is; write --set \(names[0]).\(setting)=…, or one "
          + "of " + names.dropFirst().joined(separator: ", "))
    }
    let own = settings.filter { $0.key.hasPrefix(name + ".") }
    return try MethodDescription(
      name: name,
      hyperparameters: Dictionary(
        uniqueKeysWithValues: own.map { (String($0.key.dropFirst(name.count + 1)), $0.value) })
    ).catalogued()
  }

  /// Settings as `--set` takes them, `key=value`.
  ///
  /// - Throws: `Failure` for what is no such pair.
  static func parsed(_ settings: [String]) throws -> [String: JSONValue] {
    var hyperparameters: [String: JSONValue] = [:]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw Failure(.usage, "--set takes key=value, not '\(setting)'.")
      }
      // What is no JSON is text: quotes around a word would be lost in the shell.
      let value =
        (try? JSONDecoder().decode(JSONValue.self, from: Data(parts[1].utf8))) ?? .string(parts[1])
      hyperparameters[parts[0]] = try sites(parts[0], value) ?? value
    }
    return hyperparameters
  }

  /// What `targets=query,value` means: sites of these parts; `nil` for other settings.
  private static func sites(_ key: String, _ value: JSONValue) throws -> JSONValue? {
    guard key.split(separator: ".").last == "targets", case .string(let text) = value else {
      return nil
    }
    let parts = try text.split(separator: ",").map { name in
      if let part = SitePath.Part(rawValue: String(name)) { return part }
      let known = SitePath.Part.allCases.map(\.rawValue)
      throw Failure(
        .usage,
        "--set \(key) takes parts of a backbone, such as query,value or attention,feed-forward, and"
          + " '\(name)' is none\(NearestName.hint(for: String(name), among: known)).")
    }
    let data = try JSONEncoder().encode(SiteSelector.anyOf(parts))
    return try JSONDecoder().decode(JSONValue.self, from: data)
  }
}
