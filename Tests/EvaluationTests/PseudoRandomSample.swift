import Evaluation

/// Predictions from a linear congruential generator, so that another language can make the same.
struct PseudoRandomSample {
  var classes: [Prediction] = []
  var binary: [Prediction] = []
  var numbers: [Prediction] = []

  init(count: Int) {
    var state = 1
    func next(_ bound: Int) -> Int {
      state = (state * 1_103_515_245 + 12345) % 2_147_483_648
      return (state >> 16) % bound
    }
    func oneDecimal(_ tenths: Int) -> String {
      "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
    func only1(_ label: String) -> String { label == "1" ? "1" : label == "bad" ? "bad" : "0" }
    for _ in 0..<count {
      let expected = next(3)
      let kind = next(5)
      let output = kind < 3 ? "\(expected)" : kind == 3 ? "\((expected + kind) % 3)" : "bad"
      classes.append(Prediction(output, references: ["\(expected)"]))
      binary.append(Prediction(only1(output), references: [only1("\(expected)")]))
      let reference = next(51)
      let noise = next(21) - 10
      let number = kind < 4 ? oneDecimal(reference + noise) : "bad"
      numbers.append(Prediction(number, references: [oneDecimal(reference)]))
    }
  }
}
