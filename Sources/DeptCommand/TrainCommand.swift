import ArgumentParser
import Backbones
import Checkpoints
import Datasets
import Experiments
import Foundation
import Scheduling
import TensorEngine
import Tokenization
import Training
import TuningMethods

/// `dept train`: one run from the command line.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Tune a backbone with one method on one data set.",
    discussion: """
      dept train --backbone nano --method dept --set promptLength=10 --set rank=8 \\
        --train gen-sentiment --steps 300 --learning-rate 0.3 --output runs/first

      Writes metrics.jsonl, adapter.safetensors and run.json to the output folder. Stopped by \
      Ctrl-C it leaves a checkpoint; the same command again goes on to the same bits.

      --train may be repeated: each step then has a batch of one of the data sets, and they are \
      scored one by one. --init starts from an adapter's values; --source, for methods that make \
      something of other adapters, may be repeated.
      """)

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var methodOptions: MethodOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @OptionGroup var memoryOptions: MemoryOptions
  @OptionGroup var preparationOptions: PreparationOptions
  @Option(
    parsing: .singleValue,
    help: "A data set's name, or a JSON Lines file; repeat it to train on several tasks.")
  var train: [String]
  @Option(
    parsing: .singleValue,
    help: "A JSON Lines file or NAME:split (default: the data set's own validation split).")
  var validation: [String] = []
  @Option(help: "How often each of several tasks comes: a temperature, proportional or equal.")
  var mixing = TaskMixing.standard
  @Option(help: "Optimizer steps.") var steps: Int
  @Option(help: "Examples a step (default: 32).") var batchSize: Int?
  @Option(help: "Source tokens a step at most, instead of --batch-size.") var batchTokens: Int?
  @Option(help: "The base learning rate (default: the method's).") var learningRate: Double?
  @Option(help: "DePT's low-rank pair's base rate (default: --learning-rate, or the method's).")
  var lowRankLearningRate: Double?
  @Option(help: "Steps of linear warm-up.") var warmup = 0
  @Option(help: "Decoupled weight decay.") var weightDecay = 0.0
  @Option(help: "The largest global gradient norm; 0: no clipping.") var clip = 1.0
  @Option(help: "Dropout probability (default: the backbone's).") var dropout: Double?
  @Option(help: "shuffled, sequential, or bucketed: a step's sources are of similar length.")
  var order = TrainingSchedule.Order.shuffled
  @Option(help: "Answers when validating: generation, or labels: the data set's most probable.")
  var decode = TrainingSchedule.Decoding.generation
  @Option(help: "Parts a batch is cut into to save memory.") var accumulation = 1
  @Option(help: "Validate after every so many steps (default: a tenth).") var evaluateEvery = 0
  @Option(help: "The seed of initialisation, order and dropout.") var seed = 42
  @Option(name: .customLong("init"), help: "An adapter file to start from.") var initial: String?
  @Option(
    parsing: .singleValue,
    help: "An adapter, file or folder, for a method that starts from others; repeat for more.")
  var source: [String] = []
  @Option(help: "The longest source in tokens (default: the data set's).") var sourceLength: Int?
  @Option(help: "The longest target in tokens (default: the data set's).") var targetLength: Int?
  @Option(help: "Which end of a longer source is lost: end or start.") var truncate = Truncation.end
  @Option(help: "float32 or bfloat16, of frozen weights and product operands.")
  var precision = TrainingSchedule.Precision.float32
  @Option(help: "cpu.") var device = "cpu"
  @Option(help: "The output folder.") var output: String

  func validate() throws {
    guard !train.isEmpty else { throw ValidationError("--train is missing; name a data set") }
    guard initial == nil || source.isEmpty else {
      throw ValidationError("--init and --source both say what to start from; leave one out")
    }
    guard steps > 0, batchSize ?? 1 > 0, batchTokens ?? 1 > 0, accumulation > 0 else {
      throw ValidationError(
        "--steps, --batch-size, --batch-tokens and --accumulation must be at least 1")
    }
    guard batchSize == nil || batchTokens == nil else {
      throw ValidationError(
        "A step has either --batch-size examples or --batch-tokens tokens; leave one out")
    }
    guard (0...steps).contains(warmup) else {
      throw ValidationError("--warmup must lie between 0 and --steps")
    }
    guard dropout.map({ (0..<1).contains($0) }) ?? true else {
      throw ValidationError("--dropout must be at least 0 and less than 1")
    }
    guard device == "cpu" else {
      throw ValidationError("--device \(device): this build computes on the cpu only")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    Engine.memoryLimit = try memoryOptions.limit(surroundings)
    Engine.onMemoryShortage {
      Failure.end(
        $0, code: .runFailed,
        remedy: "take a smaller --batch-size, cut it with --accumulation, or allow more memory")
    }
    let method = try methodOptions.resolved()
    for path in source + (initial.map { [$0] } ?? []) {
      try AdapterOptions.refuseFolderOfPEFT(path)
    }
    let data = try TrainingData(
      train, validations: validation, preparationOptions, surroundings)
    if decode == .labels {
      for part in data.parts { _ = try DecodingOptions.labels(of: part.dataset) }
    }
    let unjudged = data.parts.filter { ($0.examples[.validation] ?? []).isEmpty }.map(\.name)
    if data.parts.count > 1, !unjudged.isEmpty {
      Output.note(
        "\(unjudged.joined(separator: ", ")) has no validation examples: the mean that chooses the"
          + " best step leaves it out.")
    }
    let backbone = try backboneOptions.load(surroundings, precision: precision)
    let schedule = schedule(method, data)
    guard schedule.problems.isEmpty else {
      throw Failure(.usage, schedule.problems.joined(separator: "; "))
    }
    let trainer = Trainer(
      backbone: backbone, method: method, schedule: schedule, seed: seed,
      tasks: data.tasks(on: backbone, backboneOptions.id, surroundings))
    let folder = TrainingFolder(output)
    try folder.create()
    let session = try TrainingSession(
      trainer, train: train, folder: folder, identity: identity(trainer, data, surroundings))
    let start = try session.start(initial: initial, sources: source)
    let cut = trainer.cutSourceCount
    if cut > 0 {
      Output.note(
        "\(cut) of \(data.trainingCount) training sources are longer than \(trainer.sourceLength) "
          + "tokens and lose their \(truncate)")
    }
    let bar = ProgressLine(
      total: trainer.schedule.steps, isDrawn: surroundings.drawsProgress, label: "training")
    let interrupt = Interrupt()
    let state = try session.train(from: start, shouldStop: { interrupt.isRequested }) {
      step, name, value in
      if name == "train/loss" {
        bar.update(step, detail: "loss \(value.rounded(to: 3))")
      } else {
        bar.say("step \(step): \(name) \((100 * value).rounded(to: 2))")
      }
    }
    bar.finish()
    if !trainer.isDone(state) {
      throw Failure(
        .stoppedAfterCheckpoint,
        "Stopped after step \(state.step) with a checkpoint; the same command again goes on.")
    }
    let record = try session.finish(state, backbone: backboneOptions.backbone)
    for split in [Split.validation, .test] {
      for (name, value) in (record.scores[split] ?? [:]).sorted(by: { $0.key < $1.key }) {
        print("\(split.rawValue) \(name) \((100 * value).rounded(to: 2))")
      }
    }
    if data.parts.count == 1, !unjudged.isEmpty {
      print(
        "all of \(train[0]) was trained on and nothing validated, so that the last step is kept; "
          + "give --validation, or a folder with train, validation and test files")
    }
    let share = data.parts.count > 1 ? " for \(data.parts.count) tasks" : ""
    print("wrote \(output)/adapter.safetensors (\(record.trainable) parameters\(share))")
  }

  private func schedule(_ method: any TuningMethod, _ data: TrainingData) -> TrainingSchedule {
    var schedule = TrainingSchedule()
    schedule.steps = steps
    schedule.warmup = warmup
    schedule.batchSize = batchSize ?? schedule.batchSize
    schedule.batchTokens = batchTokens
    schedule.accumulation = accumulation
    let rates = method.defaultLearningRates
    schedule.learningRate = learningRate ?? rates.main
    schedule.lowRankLearningRate =
      lowRankLearningRate ?? (learningRate == nil ? rates.lowRank : nil)
    schedule.weightDecay = weightDecay
    schedule.clip = clip
    schedule.dropout = dropout
    schedule.order = order
    schedule.decoding = decode == .generation ? nil : decode
    schedule.evaluateEvery = evaluateEvery
    schedule.mixing = data.parts.count > 1 ? mixing : nil
    schedule.sourceLength = sourceLength ?? data.sourceLength
    schedule.targetLength = targetLength ?? data.targetLength
    schedule.truncation = truncate == .end ? nil : truncate
    return schedule
  }

  /// What has to be equal for a checkpoint in the folder to be gone on from: the contents of
  /// files too, so that an edited data set is not half learnt.
  private func identity(
    _ trainer: Trainer, _ data: TrainingData, _ surroundings: Surroundings
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let schedule = String(decoding: try encoder.encode(trainer.schedule), as: UTF8.self)
    let method = String(decoding: try encoder.encode(trainer.method), as: UTF8.self)
    let files = surroundings.fileDigests
    let digests = surroundings.planDigests(files)
    func content(_ name: String) throws -> String {
      let isFile = FileManager.default.fileExists(atPath: name)
      if isFile { return try files.digest(of: [name]) }
      let dataset = name.split(separator: ":").first.map(String.init) ?? name
      return name + " " + (try digests.data(DatasetID(rawValue: dataset)))
    }
    var parts = [
      try digests.backbone(BackboneID(rawValue: backboneOptions.backbone)),
      type(of: trainer.method).name, method, schedule,
    ]
    for part in data.parts {
      if part.preparation != .standard {
        parts.append(String(decoding: try encoder.encode(part.preparation), as: UTF8.self))
      }
      parts += [try content(part.name), try part.validation.map(content) ?? ""]
    }
    parts += [try initial.map(content) ?? "", "\(seed)", "engine \(Engine.semanticsVersion)"]
    parts += try source.map { try files.digest(of: [AdapterFile.resolved($0)]) }
    files.save()
    return parts.joined(separator: "\n")
  }
}
