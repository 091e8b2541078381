import ArgumentParser
import Experiments
import Foundation
import TuningMethods

/// Which method a command tunes with, and its hyperparameters.
struct MethodOptions: ParsableArguments {
  @Option(help: "The tuning method: ft, pt, dept, lora.")
  var method: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "A hyperparameter by its Swift name, such as promptLength=40; repeat for more.")
  var settings: [String] = []

  /// The method with its settings applied.
  ///
  /// - Throws: `Failure` naming what is known, for a wrong name, key or value.
  func resolved() throws -> any TuningMethod {
    var hyperparameters: [String: JSONValue] = [:]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw Failure(.usage, "--set takes key=value, not '\(setting)'.")
      }
      // What is no JSON is text: quotes around a word would be lost in the shell.
      hyperparameters[parts[0]] =
        (try? JSONDecoder().decode(JSONValue.self, from: Data(parts[1].utf8))) ?? .string(parts[1])
    }
    let chosen: any TuningMethod
    do {
      chosen = try MethodDescription(name: method, hyperparameters: hyperparameters).catalogued()
    } catch {
      throw Failure(.usage, error.description)
    }
    guard chosen.issues.isEmpty else {
      throw Failure(.usage, chosen.issues.joined(separator: "; "))
    }
    return chosen
  }
}
