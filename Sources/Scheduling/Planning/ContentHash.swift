import Crypto
public import Experiments
import Foundation

/// SHA-256 of what is kept by its content.
public enum ContentHash {
  /// Of bytes, as hexadecimal digits.
  public static func of(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).hexadecimal
  }
}

extension ProvenanceRecord {
  /// An environment under its own hash.
  ///
  /// - Parameter texts: the texts that it names, by their hash.
  /// - Throws: where a value of it is no JSON.
  public init(_ environment: RunEnvironment, texts: [String: [UInt8]]) throws {
    let canonical = try JSONValue(encoding: environment).canonical
    self.init(
      environment: environment, key: ContentHash.of(Array(canonical.utf8)), texts: texts)
  }
}
