import ArgumentParser
import Experiments
import Foundation

/// `dept adapter show`: method, hyperparameters and tensors of an adapter.
struct AdapterShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print what an adapter is: method, hyperparameters, backbone, tensors.",
    discussion: """
      dept adapter show runs/cola                  # a folder with adapter.safetensors, or the file
      dept adapter show downloads/lora-cola --json # a folder of Hugging Face's PEFT

      A tensor's norm is the root of the sum of its squares.
      """)

  @Argument(help: "An adapter file, a folder with adapter.safetensors, or a folder of PEFT.")
  var path: String
  @Flag(help: "Print one JSON document.") var json = false

  func run() throws {
    let content = try AdapterContent(path: path)
    if json { return try Output.json(content) }
    print("format    \(content.format)")
    print("method    \(content.method ?? "not said")")
    print("backbone  \(content.backbone ?? "not said")")
    for (name, value) in (content.hyperparameters ?? [:]).sorted(by: { $0.key < $1.key }) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      print("  \(name) = \(String(decoding: try encoder.encode(value), as: UTF8.self))")
    }
    let count = content.tensors.count
    print("\(content.scalars) scalars in \(count) tensor\(count == 1 ? "" : "s")")
    let widest = content.tensors.map(\.name.count).max() ?? 0
    for tensor in content.tensors {
      let name = tensor.name.padding(toLength: widest, withPad: " ", startingAt: 0)
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      print("  \(name)  [\(shape)]  norm \(tensor.norm.rounded(to: 4))")
    }
  }
}
