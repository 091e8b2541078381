public import Foundation

/// What a fetch did.
public struct FetchReport: Hashable, Sendable {
  /// How it ended.
  public enum Outcome: String, Hashable, Sendable, Codable {
    /// Everything was there already.
    case present
    /// Something was downloaded or unpacked.
    case fetched
    /// Nothing has to be downloaded for it.
    case builtIn = "built-in"
  }

  public var name: String
  public var outcome: Outcome
  /// The folder with the content.
  public var folder: URL
  /// What the content was made of.
  public var sources: [FetchManifest.Source]
  /// The addresses that now give other bytes than when they were last fetched.
  public var changed: [String]
  /// The folder of another program's cache that the files were taken from.
  public var takenFrom: URL?
}

extension FetchReport {
  /// The report on something that is part of the package.
  public static func builtIn(_ name: String, in folder: URL) -> FetchReport {
    FetchReport(name: name, outcome: .builtIn, folder: folder, sources: [], changed: [])
  }
}
