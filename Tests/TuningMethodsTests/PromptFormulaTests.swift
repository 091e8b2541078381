import Backbones
import DeptTesting
import Foundation
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

/// The rows that prompt methods put before a source, beside their formulas written out.
@Suite struct PromptFormulaTests {
  private let anatomy: Anatomy
  private let lengths = [2, 3]

  init() throws { anatomy = try TinyBackbone.version10.model().anatomy }

  private var embedded: EmbeddedInput {
    EmbeddedInput(
      embeddings: .normal([5, 16], deviation: 1, key: RandomKey(seed: 1)),
      segments: Segments(lengths: lengths))
  }

  /// Random values of all parameters, and the input that the method makes.
  private func edited(
    _ method: any TuningMethod, tasks: Int = 1, task: Int = 0
  ) throws -> (parameters: [String: [Float]], rows: [[[Float]]]) {
    let adaptation = method.adaptation(of: anatomy, taskCount: tasks)
    var parameters = Parameters()
    for parameter in adaptation.parameters {
      parameters[parameter.name] = .normal(
        parameter.shape, deviation: 0.7, key: RandomKey(seed: 2).folding(parameter.name))
    }
    let site = try #require(anatomy.sourceInput)
    let input = Forward(adaptation, parameters, task: task).input(site, embedded)
    let rows = input.segments.lengths.indices.map { sequence in
      input.segments.range(sequence).map { input.embeddings.rows($0..<$0 + 1).scalars }
    }
    let named = parameters.names.map { name in
      (String(name.split(separator: "/")[1]), parameters[name].scalars)
    }
    return (Dictionary(uniqueKeysWithValues: named), rows)
  }

  private func expect(_ found: [Float], _ expected: [Double], _ place: String) {
    #expect(found.count == expected.count, "\(place)")
    for (one, other) in zip(found, expected) {
      #expect(abs(Double(one) - other) < 2e-5 * max(1, abs(other)), "\(place)")
    }
  }

  private func product(_ x: [Double], _ weight: [Float], _ bias: [Float]? = nil) -> [Double] {
    let width = weight.count / x.count
    return (0..<width).map { column in
      x.indices.reduce(Double(bias?[column] ?? 0)) {
        $0 + x[$1] * Double(weight[$1 * width + column])
      }
    }
  }

  private func matrix(_ values: [Float], width: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width].map(Double.init) }
  }

  @Test("ATTEMPT gives each source its own mixture, in each task", arguments: [0, 1])
  func attempt(task: Int) throws {
    let (values, rows) = try edited(
      ATTEMPT(length: 2, sourceCount: 2, attentionWidth: 3, temperature: 3), tasks: 2, task: task)
    let target = Array(matrix(values["prompt"] ?? [], width: 16)[2 * task..<2 * task + 2])
    let prompts = (0..<2).map { matrix(values["source.\($0)"] ?? [], width: 16) } + [target]
    for (sequence, range) in [0..<2, 2..<5].enumerated() {
      let tokens = range.map { embedded.embeddings.rows($0..<$0 + 1).scalars.map(Double.init) }
      func maximum(_ rows: [[Double]]) -> [Double] {
        (0..<16).map { column in rows.map { $0[column] }.max() ?? 0 }
      }
      let down = product(maximum(tokens), values["attention.down"] ?? [])
      let inner = down.map { $0 / (1 + exp(-$0)) }
      let up = product(inner, values["attention.up"] ?? [])
      let mean = up.reduce(0, +) / 16
      let variance = up.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 16
      let query = up.indices.map { index in
        (up[index] - mean) / (variance + 1e-5).squareRoot()
          * Double(values["attention.norm.weight"]?[index] ?? 0)
          + Double(values["attention.norm.bias"]?[index] ?? 0)
      }
      let scores = prompts.map { exp(zip(maximum($0), query).reduce(0) { $0 + $1.0 * $1.1 } / 3) }
      let total = scores.reduce(0, +)
      for row in 0..<2 {
        let expected = (0..<16).map { column in
          prompts.indices.reduce(target[row][column]) {
            $0 + scores[$1] / total * prompts[$1][row][column]
          }
        }
        expect(rows[sequence][row], expected, "sequence \(sequence), row \(row)")
      }
      #expect(rows[sequence].count == 2 + range.count)
      expect(rows[sequence][2], tokens[0], "the first token")
    }
  }

  @Test("MPT scales the shared prompt by the task's row and column", arguments: [0, 1, 2])
  func mpt(task: Int) throws {
    let (values, rows) = try edited(MPT(length: 2), tasks: 3, task: task)
    let shared = matrix(values["prompt"] ?? [], width: 16)
    let row = matrix(values["task.row"] ?? [], width: 2)[task]
    let column = matrix(values["task.column"] ?? [], width: 16)[task]
    for sequence in 0..<2 {
      for index in 0..<2 {
        let expected = zip(shared[index], column).map { $0 * row[index] * $1 }
        expect(rows[sequence][index], expected, "sequence \(sequence), row \(index)")
      }
    }
  }

  @Test("ADePT moves every token by what its embedding says, wherever it stands")
  func adept() throws {
    let (values, rows) = try edited(ADePT(promptLength: 1, rank: 3))
    var token = 0
    for sequence in 0..<2 {
      for index in 0..<lengths[sequence] {
        let embedding = embedded.embeddings.rows(token..<token + 1).scalars.map(Double.init)
        let hidden = product(
          embedding, values["offset.down.weight"] ?? [], values["offset.down.bias"])
        let offset = product(
          hidden.map { max(0, $0) }, values["offset.up.weight"] ?? [], values["offset.up.bias"])
        expect(rows[sequence][1 + index], zip(embedding, offset).map(+), "token \(token)")
        token += 1
      }
    }
  }

  @Test("DePT counts rows from the first token, or so that the last token meets the last row")
  func dept() throws {
    for alignment in DePT.Alignment.allCases {
      let (values, rows) = try edited(
        DePT(promptLength: 0, rank: 2, sourceLength: 7, alignment: alignment))
      let a = matrix(values["embedding.a"] ?? [], width: 2)
      var token = 0
      for sequence in 0..<2 {
        for index in 0..<lengths[sequence] {
          let embedding = embedded.embeddings.rows(token..<token + 1).scalars.map(Double.init)
          let row = alignment == .start ? index : 7 - lengths[sequence] + index
          let offset = product(a[row], values["embedding.b"] ?? [])
          let scale = 8 / 2.0.squareRoot()
          expect(
            rows[sequence][index], zip(embedding, offset).map { $0 + scale * $1 },
            "\(alignment), token \(token)")
          token += 1
        }
      }
    }
  }

  @Test("P-tuning's LSTM reads its vectors from both ends, gate by gate")
  func lstm() throws {
    let (values, rows) = try edited(PTuning(length: 3, hiddenWidth: 4, encoder: .lstm))
    var states = matrix(values["p-tuning.embedding"] ?? [], width: 16)
    for layer in 0..<2 {
      let ways = ["forward", "backward"].map { way -> [[Double]] in
        func value(_ name: String) -> [Float] {
          values["p-tuning.lstm.\(layer).\(way).\(name)"] ?? []
        }
        var (cell, state) = (Array(repeating: 0.0, count: 4), Array(repeating: 0.0, count: 4))
        let read = way == "forward" ? states : states.reversed()
        let written = read.map { x in
          let gates = zip(
            product(x, value("input"), value("bias")), product(state, value("hidden"))
          ).map(+)
          func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
          for unit in 0..<4 {
            cell[unit] =
              sigmoid(gates[4 + unit]) * cell[unit] + sigmoid(gates[unit]) * tanh(gates[8 + unit])
            state[unit] = sigmoid(gates[12 + unit]) * tanh(cell[unit])
          }
          return state
        }
        return way == "forward" ? written : written.reversed()
      }
      states = zip(ways[0], ways[1]).map { $0 + $1 }
    }
    for (index, state) in states.enumerated() {
      let hidden = product(
        state, values["p-tuning.mlp.0.weight"] ?? [], values["p-tuning.mlp.0.bias"])
      let expected = product(
        hidden.map { max(0, $0) }, values["p-tuning.mlp.1.weight"] ?? [],
        values["p-tuning.mlp.1.bias"])
      expect(rows[0][index], expected, "row \(index)")
      #expect(rows[1][index] == rows[0][index])
    }
  }
}
