public import Backbones
public import Datasets
public import TensorEngine

/// Everything about one training that is neither the backbone, the method, the data nor the seed.
///
/// AdamW with linear warm-up and linear decay to zero, as in the DePT paper (arXiv 2309.05173);
/// ε is added after bias correction, as in `torch.optim.AdamW`.
public struct TrainingSchedule: Hashable, Sendable, Codable {
  /// How the order of training examples is chosen.
  public enum Order: String, Hashable, Sendable, Codable, CaseIterable {
    /// A new permutation every epoch, drawn from the run's seed.
    case shuffled
    /// File order, wrapping round.
    case sequential
    /// A new permutation every epoch, in batches of sources of similar length.
    case bucketed
  }

  /// How answers are found on validation and test examples.
  public enum Decoding: String, Hashable, Sendable, Codable, CaseIterable {
    /// Written token by token, whatever comes, as in the paper.
    case generation
    /// The most probable of the data set's labels.
    case labels
  }

  /// The storage type of frozen weights and product operands. Sums, the residual stream, norms,
  /// softmax, loss, trainable parameters and the optimizer are float32 either way.
  public enum Precision: String, Hashable, Sendable, Codable, CaseIterable {
    case float32
    case bfloat16

    /// How a backbone's matrices are kept. Where the processor has no AVX-512, products of bfloat16
    /// would only be slower: float32 then.
    public var storage: DType { self == .bfloat16 && isAvailable ? .bfloat16 : .float32 }

    /// Whether this machine computes as asked.
    public var isAvailable: Bool { self == .float32 || Engine.usesVectorKernels }

    /// What to tell where it does not.
    public static let unavailable =
      "This processor has no AVX-512, without which bfloat16 is only slower; computing in float32."
  }

  /// What the steps of a run are, whose time is all that is asked for.
  ///
  /// Such a run is neither validated nor tested, and its first step warms up.
  public enum Timing: String, Hashable, Sendable, Codable, CaseIterable {
    /// Each step learns from a batch, as in any other run: `train/seconds`.
    case training
    /// Each step answers the sources of the batch that training would learn from, greedily:
    /// `inference/samples-per-second`.
    case inference
  }

  /// Optimizer steps in all; with `epochs`, as many as these take, whatever is said here.
  public var steps = 1000
  /// Passes over the training examples, from which `steps` follow once these are counted; `nil`:
  /// `steps` says how long the run is.
  public var epochs: Double?
  /// Wall-clock seconds that training steps may take, over all attempts: the run ends with the step
  /// that reaches them, if that is before the last; `nil`: as long as they take.
  public var seconds: Double?
  /// When the run ends because validation has stopped to gain; `nil`: never.
  public var earlyStopping: EarlyStopping?
  /// Steps over which the learning rates rise linearly from zero.
  public var warmup = 0
  /// Examples per optimizer step, unless `batchTokens` says otherwise.
  public var batchSize = 32
  /// Source tokens per optimizer step at most, end tokens included, but at least one example;
  /// `nil`: steps have `batchSize` examples.
  public var batchTokens: Int?
  /// Parts into which a step's batch is cut; gradients are summed, the loss is normalised over all.
  public var accumulation = 1
  /// The base learning rate of the `main` parameter group (a soft prompt, an adapter, …).
  public var learningRate = 0.3
  /// The base learning rate of the `lowRank` group (DePT's *A* and *B*); `nil`: `learningRate`.
  public var lowRankLearningRate: Double?
  /// Decoupled weight decay; the paper's effective value is 0.
  public var weightDecay = 0.0
  /// The largest global gradient norm; 0 switches clipping off.
  public var clip = 1.0
  /// The dropout probability inside the backbone; `nil`: what its configuration says.
  public var dropout: Double?
  /// The order of the training examples.
  public var order = Order.shuffled
  /// Validation happens after every so many steps, and after the last; 0: a tenth of `steps`.
  public var evaluateEvery = 0
  /// At most so many validation examples are scored during training; `nil`: all.
  public var validationLimit: Int?
  /// How answers are found on validation and test examples; `nil`: `generation`.
  public var decoding: Decoding?
  /// The longest source in tokens, its end token included; longer ones are cut.
  public var sourceLength = 256
  /// The longest target in tokens, its end token included; longer ones are cut.
  public var targetLength = 20
  /// Which end of a source that is too long is lost; `nil`: the end.
  public var truncation: Truncation?
  /// The number of training examples used; `nil`: all of them.
  public var fewShot: Int?
  /// How these are chosen; `nil`: as evenly from the classes as they allow. Runs that were planned
  /// before there was a choice have `nil`, and another identity: the draw was another then.
  public var fewShotRule: FewShotSample.Rule?
  /// The seed of their draw; `nil`: the run's.
  public var fewShotSeed: Int?
  /// How often each task of a multi-task run is trained on; `nil`: `TaskMixing.standard`.
  public var mixing: TaskMixing?
  /// What is timed; `nil`: the run is carried out for what it learns.
  public var timing: Timing?
  /// The arithmetic of frozen weights.
  public var precision = Precision.float32

  public init() {}

  /// How much a step reads: `batchTokens` where it is given, else `batchSize`.
  public var batchLimit: BatchLimit { batchTokens.map(BatchLimit.tokens) ?? .examples(batchSize) }

  /// `evaluateEvery` with its default filled in; with `epochs` only known once `steps` are.
  public var evaluationInterval: Int {
    evaluateEvery > 0 ? evaluateEvery : max(1, steps / 10)
  }
}
