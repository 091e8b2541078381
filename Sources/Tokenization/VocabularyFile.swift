import Foundation

/// One of the files that a vocabulary consists of.
enum VocabularyFile {
  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The directory that a file lies in, without a slash at its end.
  static func directory(of path: String) -> String {
    let path = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The bytes of a file.
  static func contents(of path: String) throws(TokenizerError) -> Data {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .missingFile(path: path)
    }
    if isDirectory.boolValue { throw .unreadable(path: path, reason: "it is a directory") }
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// The value that a JSON file holds; what it should be, such as `an object of ids`, is named
  /// in errors.
  static func json<Value: Decodable>(
    _ contents: Data, _ type: Value.Type, path: String, expecting expected: String
  ) throws(TokenizerError) -> Value {
    func malformed(_ reason: String, line: Int? = nil) -> TokenizerError {
      .malformedVocabulary(path: path, line: line, reason: "\(reason), copy the file again")
    }
    do {
      return try JSONDecoder().decode(type, from: contents)
    } catch let foreign as ForeignVocabulary {
      throw .malformedSettings(path: path, reason: foreign.reason)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      do {
        _ = try JSONSerialization.jsonObject(with: contents, options: .fragmentsAllowed)
      } catch {
        throw malformed("it is not JSON", line: line(of: error, in: contents))
      }
      // Numbers that do not fit come without their place.
      throw malformed("a number in it does not fit \(expected)")
    } catch let error as DecodingError {
      let path = error.path.map { $0.intValue.map(String.init) ?? $0.stringValue }
      let value = path.isEmpty ? "it" : "its value of '\(path.joined(separator: "/"))'"
      throw malformed("\(value) does not fit \(expected)")
    } catch {
      throw malformed("it is not \(expected)")
    }
  }
}

extension VocabularyFile {
  /// The line where contents stop being JSON, which Foundation tells in a text only, if at all.
  private static func line(of error: any Error, in contents: Data) -> Int? {
    let cause = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
    if let line = cause.firstMatch(of: /line (\d+)/) { return Int(line.output.1) }
    guard let place = cause.firstMatch(of: /character (\d+)/).flatMap({ Int($0.output.1) }) else {
      return nil
    }
    return contents.prefix(place).count { $0 == UInt8(ascii: "\n") } + 1
  }
}

extension DecodingError {
  /// The keys from the outside to what could not be decoded.
  fileprivate var path: [any CodingKey] {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath
    case .keyNotFound(let key, let context): context.codingPath + [key]
    @unknown default: []
    }
  }
}
