import ArgumentParser
import Backbones
import Datasets
import Foundation
import TensorEngine
import Tokenization
import Training

/// `dept pretrain`: a small T5 from nothing, on own text, own examples, or the generated suite.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Pretrain a small T5 on text, examples, or the generated suite.",
    discussion: """
      dept pretrain --suite --output backbones/tiny --steps 500
      dept pretrain --text novels.txt --examples tasks.jsonl --vocabulary 8000 \\
        --width 256 --inner-width 1024 --layers 4 --output backbones/mine

      Trains a SentencePiece vocabulary first, then the model: T5's span corruption on the text, \
      mixed with supervised examples. Writes a directory in Hugging Face layout.
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Pretrain on the generated suite's source tasks and text.") var suite = false
  @Option(help: "Plain text, one passage a line; repeat for more files.") var text: [String] = []
  @Option(help: "JSON Lines of supervised examples; repeat for more files.")
  var examples: [String] = []
  @Option(help: "Pieces of the vocabulary.") var vocabulary = 640
  @Option(help: "Sentinels <extra_id_k> of the vocabulary.") var sentinels = 32
  @Option(help: "Model width.") var width = 96
  @Option(help: "Heads of every attention.") var heads = 4
  @Option(help: "Width of a head.") var headWidth = 24
  @Option(help: "Inner width of the feed-forward layers.") var innerWidth = 384
  @Option(help: "Encoder layers.") var layers = 2
  @Option(help: "Decoder layers (default: as many as the encoder's).") var decoderLayers: Int?
  @Option(help: "Training steps.") var steps = 4000
  @Option(help: "Steps of warm-up.") var warmup = 200
  @Option(help: "Supervised examples a step.") var batchSize = 64
  @Option(help: "Lines of text a step of span corruption.") var textBatchSize = 24
  @Option(help: "The share of steps that are span corruption.") var spanShare = 0.25
  @Option(help: "The share of the last steps over which the rates fall to 0.") var decay = 1.0
  @Option(help: "The learning rate.") var learningRate = 1e-3
  @Option(help: "The learning rate of the word embeddings.") var embeddingLearningRate = 1.5e-2
  @Option(help: "The seed.") var seed = 0
  @Option(help: "The output folder.") var output: String

  func validate() throws {
    guard suite || !text.isEmpty || !examples.isEmpty else {
      throw ValidationError("give --suite, or --text and/or --examples")
    }
    let sizes = [
      vocabulary, width, heads, headWidth, innerWidth, layers, decoderLayers ?? 1, steps, batchSize,
      textBatchSize,
    ]
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), (0...1 << 20).contains(sentinels) else {
      throw ValidationError("sizes and --steps must lie between 1 and \(1 << 20)")
    }
    guard [learningRate, embeddingLearningRate].allSatisfy({ $0 > 0 && $0.isFinite }),
      [spanShare, decay].allSatisfy({ (0...1).contains($0) }), warmup >= 0
    else {
      throw ValidationError(
        "rates must be positive, --span-share and --decay lie between 0 and 1, --warmup not be "
          + "negative")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    Engine.threads = surroundings.threads
    let material = try material()
    // As in T5's own vocabulary, the sentinels follow the pieces: the first ids are frequent words.
    let trainer = SentencePieceTrainer(
      vocabularySize: vocabulary, sentinels: 0, characterCoverage: 1, allowsFewerPieces: true)
    let pieces = try trainer.model(from: material.vocabularyLines)
    let tokenizer = try T5Tokenizer(model: pieces, sentinels: sentinels)
    var configuration = T5Configuration(
      vocabularySize: tokenizer.vocabularySize, width: width, headWidth: headWidth,
      headCount: heads, innerWidth: innerWidth, encoderLayerCount: layers,
      decoderLayerCount: decoderLayers ?? layers)
    configuration.dropout = 0
    let pretrainer = Pretrainer(
      configuration, tokenizer: tokenizer, mixture: material.mixture, schedule: schedule)
    let bar = ProgressLine(total: steps, isDrawn: surroundings.drawsProgress, label: "pretraining")
    var sums = [true: (0.0, 0), false: (0.0, 0)]
    let weights = try pretrainer.train { step, isSpan, loss in
      let (sum, count) = sums[isSpan] ?? (0, 0)
      sums[isSpan] = (sum + loss, count + 1)
      bar.update(step, detail: "loss \(loss.rounded(to: 3))")
      guard step % max(1, steps / 20) == 0 || step == steps else { return }
      let means = [false, true].map { kind -> String in
        let (sum, count) = sums[kind] ?? (0, 0)
        return count == 0 ? "–" : (sum / Double(count)).rounded(to: 3)
      }
      bar.say("step \(step): loss on examples \(means[0]), on corrupted text \(means[1])")
      sums = [:]
    }
    bar.finish()
    let arguments = CommandLine.arguments.dropFirst().joined(separator: " ")
    try BackboneWriter(directory: output).write(
      configuration, weights: weights, vocabulary: pieces, sentinels: sentinels,
      notes: ["dept.command": "dept \(arguments)", "dept.version": Version.current])
    let count = weights.values.reduce(0) { $0 + $1.scalarCount }
    print("wrote \(output): \(count) parameters, \(tokenizer.vocabularySize) pieces")
    if suite { try showSkills() }
  }

  /// What the new backbone answers word for word of each source task, on examples it has not seen.
  private func showSkills() throws {
    let check = SkillCheck(
      try LoadedBackbone(directory: output), sourceLength: schedule.sourceLength,
      targetLength: schedule.targetLength)
    let suite = PretrainingSuite(seed: seed)
    print("answered word for word, of 400 held-out examples of each source task:")
    for (task, _) in PretrainingSuite.shares {
      let share = check.exactMatch(on: suite.heldOut(task, count: 400))
      print("  \(task.rawValue) \((100 * share).rounded(to: 1)) %")
    }
  }

  private var schedule: PretrainingSchedule {
    var schedule = PretrainingSchedule()
    schedule.steps = steps
    schedule.warmup = min(warmup, steps)
    schedule.decay = decay
    schedule.batchSize = batchSize
    schedule.textBatchSize = textBatchSize
    schedule.learningRate = learningRate
    schedule.embeddingLearningRate = embeddingLearningRate
    schedule.seed = seed
    return schedule
  }

  private func material() throws -> (mixture: PretrainingMixture, vocabularyLines: [String]) {
    if suite {
      let suite = PretrainingSuite(seed: seed)
      let mixture = PretrainingMixture(
        supervised: { suite.example(at: $0) }, text: { suite.text(at: $0) }, spanShare: spanShare)
      return (mixture, suite.vocabularyLines(count: 20_000))
    }
    let lines = try text.flatMap { path in
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw Failure(.missingInput, "The text file \(path) cannot be read as UTF-8.")
      }
      return text.split(whereSeparator: \.isNewline).map(String.init).filter { $0.count > 20 }
    }
    let supervised = try examples.flatMap { try OwnDataset.examples(in: URL(filePath: $0)) }
    guard !lines.isEmpty || !supervised.isEmpty else {
      throw Failure(.invalid, "There is neither a line of text nor an example to pretrain on.")
    }
    let vocabularyLines = lines + supervised.flatMap { [$0.source, $0.target] }
    let mixture = PretrainingMixture(
      supervised: drawing(from: supervised, "example"), text: drawing(from: lines, "line"),
      spanShare: spanShare)
    return (mixture, vocabularyLines)
  }

  /// A function that draws an item for every index, or `nil` where there are no items.
  private func drawing<Item: Sendable>(from items: [Item], _ name: String)
    -> (@Sendable (Int) -> Item)?
  {
    let key = RandomKey(seed: seed).folding("material").folding(name)
    if items.isEmpty { return nil }
    return { index in items[Int(key.bits(index) % UInt64(items.count))] }
  }
}
