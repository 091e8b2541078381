import Foundation

/// The libraries of the system that this process has loaded, and their versions.
///
/// Each is asked by the function that it has for this; one that has none is known by the name of
/// its file, which ends in its version.
enum LoadedLibraries {
  private static let questions = [
    "OpenBLAS": "openblas_get_config", "SQLite": "sqlite3_libversion", "libcurl": "curl_version",
    "libarchive": "archive_version_string", "cmark-gfm": "cmark_version_string",
    "C library": "gnu_get_libc_version",
  ]
  private static let files = [
    "OpenBLAS": "libopenblas", "SentencePiece": "libsentencepiece.so", "C++ library": "libstdc++",
  ]

  /// Versions by the library's name; what cannot be asked is left out.
  static func versions() -> [String: String] {
    var versions: [String: String] = [:]
    let process = dlopen(nil, RTLD_LAZY)
    for (name, question) in questions {
      guard let symbol = dlsym(process, question) else { continue }
      typealias Ask = @convention(c) () -> UnsafePointer<CChar>?
      if let answer = unsafeBitCast(symbol, to: Ask.self)() {
        versions[name] = String(cString: answer).trimmingCharacters(in: .whitespaces)
      }
    }
    let loaded = loadedFiles()
    for (name, prefix) in files where versions[name] == nil {
      versions[name] = loaded.first { $0.hasPrefix(prefix) }
    }
    return versions
  }

  /// The names of mapped library files, symbolic links resolved as the kernel does.
  private static func loadedFiles() -> Set<String> {
    guard let maps = FileHandle(forReadingAtPath: "/proc/self/maps"),
      let data = try? maps.readToEnd()
    else { return [] }
    var names: Set<String> = []
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let slash = line.lastIndex(of: UInt8(ascii: "/")) else { continue }
      let name = line[line.index(after: slash)...]
      if name.starts(with: "lib".utf8) { names.insert(String(decoding: name, as: UTF8.self)) }
    }
    return names
  }
}
