import ArgumentParser
import Backbones
import Checkpoints
import Datasets
import Fetching
import Foundation
import Tokenization
import Training

/// An error as the user meets it: one sentence and an exit code.
struct Failure: Error, CustomStringConvertible {
  /// The exit codes of the command line's contract.
  enum Code: Int32 {
    case runFailed = 1
    case usage = 2
    case invalid = 65
    case missingInput = 66
    case unavailable = 69
    case fault = 70
    case tryAgain = 75
    case stoppedAfterCheckpoint = 85
  }

  let code: Code
  let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// What an error of any part of the program means to the user.
  init(_ error: any Error) {
    self =
      switch error {
      case let failure as Failure: failure
      case let error as CheckpointError:
        Failure(error.isMissingInput ? .missingInput : .invalid, error.description)
      case let error as BackboneError:
        Failure(error.isMissingInput ? .missingInput : .invalid, error.description)
      case let error as TokenizerError:
        Failure(error.isMissingInput ? .missingInput : .invalid, error.description)
      case let error as DatasetError:
        Failure(error.isMissingInput ? .missingInput : .invalid, error.description)
      case let error as FetchError:
        Failure(error.isInvalidContent ? .invalid : .unavailable, error.description)
      case let error as TrainingError:
        if case .diverged = error {
          Failure(.runFailed, error.description)
        } else {
          Failure(.invalid, error.description)
        }
      case let error as InterchangeError: Failure(.invalid, error.description)
      default:
        Failure(experimenting: error) ?? Failure(storing: error) ?? Failure(exchanging: error)
          ?? Failure(.fault, "\(error)")
      }
  }

  /// Prints what went wrong and ends the process.
  static func end(_ error: any Error) -> Never {
    let isOurs = !(error is ValidationError) && Dept.exitCode(for: error) == .failure
    if isOurs {
      let failure = Failure(error)
      FileHandle.standardError.write(Data("dept: \(failure.description)\n".utf8))
      exit(failure.code.rawValue)
    }
    let message = Dept.fullMessage(for: error)
    if Dept.exitCode(for: error) == .success {
      print(message)
      exit(0)
    }
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(Code.usage.rawValue)
  }
}
