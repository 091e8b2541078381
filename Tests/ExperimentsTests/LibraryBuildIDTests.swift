import Experiments
import Foundation
import Testing

@Suite struct LibraryBuildIDTests {
  @Test("a library in this process is found by an address in it, and has an identity")
  func loaded() throws {
    #if os(Linux)
    let path = try #require(LibraryBuildID.pathOfLoadedLibrary(containing: #dsohandle))
    #expect(FileManager.default.fileExists(atPath: path))
    let id = try #require(LibraryBuildID.ofLoadedLibrary(containing: #dsohandle))
    #expect(id.count >= 16)
    #expect(id.allSatisfy { $0.isHexDigit })
    #endif
  }

  @Test("a file that is no library, or is cut anywhere, has no identity and does no harm")
  func malformed() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("#!/bin/sh".utf8).write(to: file)
    #expect(LibraryBuildID.ofFile(at: file.path) == nil)
    #expect(LibraryBuildID.ofFile(at: "/no/such/file") == nil)
    guard let path = LibraryBuildID.pathOfLoadedLibrary(containing: #dsohandle) else { return }
    let whole = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    for length in [0, 4, 63, 64, 65, 100, 120, 200, 400] {
      try whole.prefix(length).write(to: file)
      #expect(LibraryBuildID.ofFile(at: file.path) == nil, "\(length)")
    }
    var wild = Data(whole.prefix(4096))
    wild.replaceSubrange(0x20..<0x28, with: Data(repeating: 0xff, count: 8))
    try wild.write(to: file)
    #expect(LibraryBuildID.ofFile(at: file.path) == nil)
  }
}
