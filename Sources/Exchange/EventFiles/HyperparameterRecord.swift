import Experiments

/// A message of TensorBoard's plugin for hyperparameters.
enum HyperparameterRecord {
  /// Which hyperparameters and metrics the table of an experiment has.
  case experiment(names: [(name: String, isNumber: Bool, isTruth: Bool)], metrics: [String])
  /// The values of a run.
  case begin(values: [String: JSONValue], group: String, time: Double)
  /// How a run ended.
  case end(hasSucceeded: Bool, time: Double)

  static let plugin = "hparams"

  var tag: String {
    switch self {
    case .experiment: "_hparams_/experiment"
    case .begin: "_hparams_/session_start_info"
    case .end: "_hparams_/session_end_info"
    }
  }

  var bytes: [UInt8] {
    var content = ProtobufWriter()
    content.varint(1, 0)
    switch self {
    case .experiment(let names, let metrics):
      content.message(2) { experiment in
        for (name, isNumber, isTruth) in names {
          experiment.message(4) { info in
            info.string(1, name)
            info.varint(4, isTruth ? 2 : isNumber ? 3 : 1)
          }
        }
        for metric in metrics {
          experiment.message(5) { info in info.message(1) { $0.string(2, metric) } }
        }
      }
    case .begin(let values, let group, let time):
      content.message(3) { session in
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
          session.message(1) { entry in
            entry.string(1, name)
            entry.message(2) { Self.write(value, to: &$0) }
          }
        }
        session.string(4, group)
        session.double(5, time)
      }
    case .end(let hasSucceeded, let time):
      content.message(4) { session in
        session.varint(1, hasSucceeded ? 1 : 2)
        session.double(2, time)
      }
    }
    return content.bytes
  }

  private static func write(_ value: JSONValue, to writer: inout ProtobufWriter) {
    switch value {
    case .integer(let number): writer.double(2, Double(number))
    case .number(let number): writer.double(2, number)
    case .bool(let truth): writer.varint(4, truth ? 1 : 0)
    default: writer.string(3, value.plainText)
    }
  }
}
