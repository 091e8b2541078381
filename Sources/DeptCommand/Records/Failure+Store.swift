import Experiments
import RunStorage
import Scheduling

extension Failure {
  /// What an error of the store or the schedule means to the user; `nil` for any other.
  init?(storing error: any Error) {
    switch error {
    case let error as StoreError: self.init(Self.code(of: error), error.description)
    case let error as RunFilterError: self.init(.usage, error.description)
    case let error as ScheduleError: self.init(.unavailable, error.description)
    case let error as FileDigestError: self.init(.missingInput, error.description)
    case let error as JournalError: self.init(.fault, error.description)
    default: return nil
    }
  }

  private static func code(of error: StoreError) -> Code {
    switch error {
    case .missing, .unknownExperiment, .unknownRun: .missingInput
    case .foreign, .newer, .older, .corrupt, .migration, .journal: .invalid
    case .readOnly, .unusable, .pendingLog: .unavailable
    case .full, .locked, .inUse: .tryAgain
    case .ambiguousRun, .notReading, .badQuery, .forbidden, .slowQuery: .usage
    }
  }
}
