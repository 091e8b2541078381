import Foundation

/// A whole process of this program, timed from its start to its end.
enum TimedProgram {
  /// The seconds that `dept` with these arguments takes; what it prints is thrown away.
  ///
  /// - Throws: `Failure` where it ends with another code than 0.
  static func seconds(_ arguments: [String]) throws -> Double {
    let process = Process()
    process.executableURL = URL(filePath: Surroundings.executable)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    // `waitUntilExit` looks ten times a second.
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    let start = ContinuousClock.now
    try process.run()
    ended.wait()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        .fault,
        "dept \(arguments.joined(separator: " ")) ended with code \(process.terminationStatus)")
    }
    return seconds
  }
}
