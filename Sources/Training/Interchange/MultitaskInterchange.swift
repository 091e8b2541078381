import Checkpoints
import NeuralNetworks
import TensorEngine

/// Multitask prompt tuning as PEFT writes it (arXiv 2303.02861): `prefix_task_cols`
/// `[tasks, tokens, 1]` and `prefix_task_rows` `[tasks, 1, width]`, where files here have
/// `task.row` `[tasks, tokens]` and `task.column` `[tasks, width]`.
enum MultitaskInterchange {
  /// The shared prompt and the vectors of all tasks as a folder; nil where it is no such adapter.
  static func folder(_ parameters: Parameters, _ model: HuggingFaceModel)
    -> (kind: PEFTKind, tensors: [PEFTFolder.Tensor])?
  {
    guard let path = model.anatomy.sourceInput?.path,
      parameters.names.allSatisfy({ name in
        ["prompt", "task.row", "task.column"].contains { name == "\(path)/\($0)" }
          || name.hasPrefix("\(path)/teacher.")
      }),
      let prompt = parameters.tensor(named: "\(path)/prompt"),
      let rows = parameters.tensor(named: "\(path)/task.row"),
      let columns = parameters.tensor(named: "\(path)/task.column")
    else { return nil }
    let (taskCount, length, width) = (rows.shape[0], prompt.shape[0], prompt.shape[1])
    return (
      .multitaskPromptTuning(
        PromptInterchange.configuration(length, model), taskCount: taskCount, rankCount: 1),
      [
        .init(name: "prefix_task_cols", shape: [taskCount, length, 1], values: rows.scalars),
        .init(name: "prefix_task_rows", shape: [taskCount, 1, width], values: columns.scalars),
        .init(name: "prompt_embeddings", shape: [length, width], values: prompt.scalars),
      ]
    )
  }

  /// The parameters of one task of a folder.
  ///
  /// - Throws: `InterchangeError` for matrices of a higher rank or virtual tokens of a decoder.
  static func adapter(
    _ prompt: PEFTPrompt, taskCount: Int, rankCount: Int, task: Int?, _ folder: PEFTFolder,
    _ source: PEFTSource
  ) throws -> (length: Int, parameters: [AdapterFile.Parameter]) {
    guard rankCount == 1 else {
      throw InterchangeError.unreadable(
        path: source.path,
        reason: "matrices of its tasks have rank \(rankCount), where rank 1 is read")
    }
    guard prompt.stackCount == 1 || !source.model.anatomy.hasEncoder else {
      throw InterchangeError.unreadable(
        path: source.path,
        reason: "it has virtual tokens before the decoder's input too; train it with"
          + " num_transformer_submodules=1")
    }
    let site = try source.input()
    let (length, width) = (prompt.tokenCount, site.output)
    func values(_ name: String, _ shape: [Int]) throws -> [Float] {
      try folder.values(named: name, shape: shape, path: source.path)
    }
    guard let task = task ?? (taskCount == 1 ? 0 : nil), (0..<taskCount).contains(task) else {
      throw InterchangeError.unreadable(
        path: source.path,
        reason: "it has \(taskCount) tasks; choose one with --task, 0 to \(taskCount - 1)")
    }
    let rows = try values("prefix_task_cols", [taskCount, length, 1])
    let columns = try values("prefix_task_rows", [taskCount, 1, width])
    let (row, column) = (rows[task * length..<(task + 1) * length], task * width)
    let shared = try values("prompt_embeddings", [length, width])
    return (
      length,
      [
        .init(name: "\(site.path)/prompt", shape: [length, width], values: shared),
        .init(name: "\(site.path)/task.row", shape: [1, length], values: Array(row)),
        .init(
          name: "\(site.path)/task.column", shape: [1, width],
          values: Array(columns[column..<column + width])),
      ]
    )
  }
}
