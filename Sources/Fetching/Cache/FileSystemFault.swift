import Foundation

extension FetchError {
  /// The fault that the C error number `code` stands for.
  static func fileSystem(_ path: String, code: Int32) -> FetchError {
    switch code {
    case ENOSPC, EDQUOT: .diskFull(path: path)
    case EROFS, EACCES, EPERM: .readOnly(path: path)
    default: .fileSystem(path: path, reason: obstacle(path) ?? String(cString: strerror(code)))
    }
  }

  /// The fault that a Foundation error stands for.
  static func fileSystem(_ path: String, _ error: any Error) -> FetchError {
    var current: NSError? = error as NSError
    while let fault = current {
      if fault.domain == NSPOSIXErrorDomain { return fileSystem(path, code: Int32(fault.code)) }
      switch CocoaError.Code(rawValue: fault.code) {
      case .fileWriteOutOfSpace: return .diskFull(path: path)
      case .fileWriteVolumeReadOnly, .fileWriteNoPermission: return .readOnly(path: path)
      default: current = fault.userInfo[NSUnderlyingErrorKey] as? NSError
      }
    }
    return .fileSystem(path: path, reason: obstacle(path) ?? error.localizedDescription)
  }

  /// What Foundation does not say: that a file stands where a folder is needed.
  private static func obstacle(_ path: String) -> String? {
    var place = URL(filePath: path).standardizedFileURL
    while place.path != "/" {
      if FileManager.default.size(of: place) != nil, place.path != path {
        return "\(place.path) is a file where a folder is needed: move it away, or choose another "
          + "place with --home"
      }
      place.deleteLastPathComponent()
    }
    return nil
  }
}

/// Does `body`, and turns a fault of the file system at `path` into a `FetchError`.
func atFileSystem<Value>(
  _ path: String, _ body: () throws -> Value
) throws(FetchError) -> Value {
  do {
    return try body()
  } catch {
    throw .fileSystem(path, error)
  }
}
