public import Experiments
import Foundation

/// A plan that was written down: what `dept plan FILE.swift --json` prints.
public enum PlanFile {
  /// The plan in the file at `path`; checking it is the caller's business.
  ///
  /// - Throws: `ScriptError.notFound`, `.unreadable` or `.unsupportedFormat`.
  public static func read(_ path: String) throws(ScriptError) -> RunPlan {
    guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      if let format = try? JSONDecoder().decode(Format.self, from: data).format,
        format != RunPlan.currentFormat
      {
        throw ScriptError.unsupportedFormat(
          path: path, found: format, supported: RunPlan.currentFormat)
      }
      return try JSONDecoder().decode(RunPlan.self, from: data)
    } catch let error as ScriptError {
      throw error
    } catch let error as DecodingError {
      throw .unreadable(path: path, reason: Self.sentence(error))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// The name of the experiment that the plan at `path` was made from; `nil` where it says none.
  public static func experiment(at path: String) -> String? {
    struct Name: Decodable { var experiment: String }
    guard let data = FileManager.default.contents(atPath: path),
      let name = try? JSONDecoder().decode(Name.self, from: data).experiment,
      !name.isEmpty, !name.contains("/"), !name.hasPrefix(".")
    else { return nil }
    return name
  }

  private struct Format: Decodable { var format: Int }

  private static func sentence(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "it is not a plan: \(field(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "it is not a plan: \(field(context.codingPath)) has a value of another type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "it is not a plan: \(field(context.codingPath)) is malformed"
    @unknown default: "it is not a plan"
    }
  }

  private static func field(_ path: [any CodingKey]) -> String {
    path.isEmpty
      ? "the document"
      : path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
        .joined(separator: ".").replacingOccurrences(of: ".[", with: "[")
  }
}
