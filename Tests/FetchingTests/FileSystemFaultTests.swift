import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct FileSystemFaultTests {
  @Test(
    "a full disk is one sentence with the file",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func full() throws {
    let output = try OutputFile("/dev/full")
    let error = #expect(throws: FetchError.self) {
      let bytes = [UInt8](repeating: 1, count: 10000)
      var fault: FetchError?
      bytes.withUnsafeBytes { buffer in
        do throws(FetchError) { try output.write(buffer) } catch { fault = error }
      }
      if let fault { throw fault }
    }
    #expect(error == .diskFull(path: "/dev/full"))
    #expect("\(try #require(error))".hasPrefix("there is no room left to write /dev/full"))
  }

  @Test(
    "a folder that may not be written is one sentence with its path",
    .enabled(if: getuid() != 0, "root may write everywhere"))
  func readOnly() throws {
    let folder = try TemporaryFolder()
    let locked = folder.url.appending(path: "locked")
    try FileManager.default.createDirectory(
      at: locked, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
    let error = #expect(throws: FetchError.self) {
      try Fetcher(cache: locked.appending(path: "cache")).fetch(RTE())
    }
    guard case .readOnly = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a file where a folder should be is one sentence with its path")
  func notAFolder() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", to: "cache")
    let error = #expect(throws: FetchError.self) { try Fetcher(cache: file).fetch(RTE()) }
    #expect(
      "\(try #require(error))"
        == "\(file.path)/.locks cannot be used: \(file.path) is a file where a "
        + "folder is needed: move it away, or choose another place with --home")
  }

  @Test("error numbers become the fault they stand for")
  func numbers() {
    #expect(FetchError.fileSystem("p", code: ENOSPC) == .diskFull(path: "p"))
    #expect(FetchError.fileSystem("p", code: EROFS) == .readOnly(path: "p"))
    #expect(FetchError.fileSystem("p", code: EACCES) == .readOnly(path: "p"))
    let cocoa = CocoaError(.fileWriteOutOfSpace)
    #expect(FetchError.fileSystem("p", cocoa) == .diskFull(path: "p"))
  }
}
