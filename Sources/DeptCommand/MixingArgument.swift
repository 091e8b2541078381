public import ArgumentParser
public import Training

/// `equal`, `proportional` or a temperature.
extension TaskMixing: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "equal": self = .equal
    case "proportional": self = .proportional
    default:
      guard let temperature = Double(argument), temperature > 0, temperature.isFinite else {
        return nil
      }
      self = .temperature(temperature)
    }
  }
}
