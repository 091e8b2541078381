import Foundation

/// A folder with event files: a run of TensorBoard.
struct EventFolder {
  /// Relative to the folder that was searched; empty for that itself.
  let name: String
  /// In the order in which they were begun.
  let files: [String]

  /// The bytes of all files: more once the run has more to tell.
  var size: Int {
    files.reduce(0) { sum, file in
      var status = stat()
      return sum + (stat(file, &status) == 0 ? Int(status.st_size) : 0)
    }
  }

  /// Every run below a folder, or in one file.
  ///
  /// A folder that is named for a time and lies in a run belongs to it: PyTorch writes
  /// hyperparameters into one of its own.
  static func all(in path: String) throws(ExchangeError) -> [EventFolder] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path)
    }
    guard isFolder.boolValue else { return [EventFolder(name: "", files: [path])] }
    guard let found = FileManager.default.subpaths(atPath: path) else {
      throw .refused(path: path, action: "read", reason: "permission is denied")
    }
    var folders: [String: [String]] = [:]
    for file in found where isEventFile(file) {
      let parts = file.split(separator: "/").dropLast()
      folders[parts.joined(separator: "/"), default: []].append("\(path)/\(file)")
    }
    for (name, files) in folders {
      let parts = name.split(separator: "/")
      guard let last = parts.last, Double(last).map({ $0 > 1e9 }) == true else { continue }
      let parent = parts.dropLast().joined(separator: "/")
      guard folders[parent] != nil else { continue }
      folders[parent]?.append(contentsOf: files)
      folders[name] = nil
    }
    return folders.sorted { $0.key < $1.key }.map { name, files in
      EventFolder(name: name, files: files.sorted { lastPart($0) < lastPart($1) })
    }
  }

  private static func isEventFile(_ path: String) -> Bool {
    lastPart(path).contains("tfevents") && !path.hasSuffix(".partial")
  }

  private static func lastPart(_ path: String) -> Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
}
