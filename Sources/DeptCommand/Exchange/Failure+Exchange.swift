import Exchange

extension Failure {
  /// What an error of an export or import means to the user; `nil` for any other.
  init?(exchanging error: any Error) {
    guard let error = error as? ExchangeError else { return nil }
    let code: Code =
      switch error {
      case .missing: .missingInput
      case .refused: .unavailable
      case .exists, .unknownExperiment: .usage
      case .foreign, .damaged, .nothing: .invalid
      }
    self.init(code, error.description)
  }
}
