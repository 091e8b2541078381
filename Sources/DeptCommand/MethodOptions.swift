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
    guard let plain = MethodCatalogue.method(named: method) else {
      let names = MethodCatalogue.all.map { type(of: $0).name }
      throw Failure(
        .usage, "There is no method '\(method)'; known are \(names.joined(separator: ", ")).")
    }
    return try applied(to: plain)
  }

  private static func key(of error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath.first?.stringValue ?? ""
    @unknown default: ""
    }
  }

  private func applied<Method: TuningMethod>(to method: Method) throws -> any TuningMethod {
    var object = try JSONDecoder().decode(
      [String: JSONValue].self, from: JSONEncoder().encode(method))
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw Failure(.usage, "--set takes key=value, not '\(setting)'.")
      }
      guard object[parts[0]] != nil else {
        throw Failure(
          .usage,
          "'\(self.method)' has no hyperparameter '\(parts[0])'; it has "
            + object.keys.sorted().joined(separator: ", ") + ".")
      }
      object[parts[0]] = try? JSONDecoder().decode(JSONValue.self, from: Data(parts[1].utf8))
      if object[parts[0]] == nil { object[parts[0]] = .string(parts[1]) }
    }
    do {
      let changed = try JSONDecoder().decode(Method.self, from: JSONEncoder().encode(object))
      guard changed.issues.isEmpty else {
        throw Failure(.usage, changed.issues.joined(separator: "; ") + ".")
      }
      return changed
    } catch let error as DecodingError {
      throw Failure(
        .usage,
        "The value of --set \(Self.key(of: error)) has the wrong type for '\(self.method)'; "
          + "compare: dept methods --json")
    }
  }
}
