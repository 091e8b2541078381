import Foundation

/// Why the operating system refused, in words that say what to do.
package enum SystemReason {
  /// Why Foundation could not do something, as far as the system has said.
  package static func text(of error: any Error) -> String {
    var error = error as NSError
    while error.domain != NSPOSIXErrorDomain {
      guard let deeper = error.userInfo[NSUnderlyingErrorKey] as? NSError else {
        return error.localizedDescription
      }
      error = deeper
    }
    return text(Int32(error.code))
  }

  package static func text(_ code: Int32) -> String {
    switch code {
    case ENOSPC: "the disk is full, make room and try again"
    case EDQUOT: "the disk quota is used up, make room and try again"
    case EROFS: "the file system is read-only, choose another place"
    case EACCES, EPERM: "permission is denied, choose another place or change its permissions"
    case ENOENT, ENOTDIR: "its directory does not exist, create it first"
    case EISDIR: "it is a directory, give the path of a file"
    case EFBIG: "it is larger than files may be here, choose another place"
    case EIO: "the disk reports an error"
    case EMFILE, ENFILE: "too many files are open"
    case ENOMEM: "memory is used up"
    default: String(cString: strerror(code))
    }
  }
}
