public import NeuralNetworks
import TensorEngine

/// Multitask prompt tuning: a prompt that tasks share, scaled for each by a matrix of rank one,
/// `X = [P ∘ (u_k ⊗ v_k); E]` with `P` `[length, width]`, `u_k` `[length]`, `v_k` `[width]`
/// (arXiv 2303.02861).
///
/// A run on several tasks trains one `P` and vectors for each task, stacked; so does the paper's
/// source stage, which `teacherWeight` distils from trained prompts of the tasks. A run that starts
/// from the adapter of such a stage takes its `P`. Vectors start normal with deviation 0.02, as in
/// PEFT, and learn at a rate of their own.
public struct MPT: TuningMethod {
  /// What the vectors of a task start as in a run that starts from another's adapter; the paper's
  /// shared prompt is taken over in either case.
  public enum TaskStart: String, Hashable, Sendable, Codable, CaseIterable {
    /// Normal with deviation 0.02: PEFT's `ONLY_SOURCE_SHARED`.
    case fresh
    /// The mean of the source's tasks: PEFT's `AVERAGE_SOURCE_TASKS`.
    case mean
  }

  public static let name = "mpt"
  public static let title = "MPT"
  public static let reference = Citation(
    "Wang et al., Multitask prompt tuning enables parameter-efficient transfer learning, 2023",
    arXiv: "2303.02861")
  public static let formula = "X = [P ∘ (u_k ⊗ v_k); E], P [l, width], u_k [l], v_k [width]"
  public static let countNote: String? =
    "on T5-base 77,668; with eight tasks, which share the prompt, 10,468 a task"

  /// Soft tokens, *l*.
  public var length: Int
  /// What the shared prompt starts as where no adapter gives it.
  public var start: PromptStart
  /// What the vectors of a task start as where an adapter gives the shared prompt.
  public var taskStart: TaskStart
  /// λ, the weight of what trained prompts teach: the run then starts from one prompt for each of
  /// its tasks, in their order, whose distribution over the next token is learnt as well as the
  /// targets (`Adaptation.teacher`). 0: nobody teaches. The paper's source stage has 0.9.
  public var teacherWeight: Float
  /// What logits are divided by for that.
  public var temperature: Float

  public init(
    length: Int = 100, start: PromptStart = .sampledVocabulary, taskStart: TaskStart = .fresh,
    teacherWeight: Float = 0, temperature: Float = 1
  ) {
    self.length = length
    self.start = start
    self.taskStart = taskStart
    self.teacherWeight = teacherWeight
    self.temperature = temperature
  }

  public var defaultLearningRates: LearningRates { LearningRates(0.3, lowRank: 0.4) }
  public var sources: ClosedRange<Int> { isTaught ? 1...64 : 0...1 }
  private var isTaught: Bool { teacherWeight > 0 }

  public var issues: [String] {
    HyperparameterRange.issue("MPT's length", length, atLeast: 1)
      + HyperparameterRange.issue("MPT's temperature", temperature, above: 0)
      + (teacherWeight >= 0
        ? [] : ["MPT's teacherWeight is \(teacherWeight); it cannot be negative"])
      + start.issues("MPT's prompt")
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    let (length, width, taskCount) = (length, site.output, adaptation.taskCount)
    let plain = start.initializer()
    let shared = adaptation.parameter(
      "prompt", [length, width],
      isTaught ? plain : .source(0, "\(site.path)/prompt", otherwise: plain), at: site)
    func vectors(_ name: String, _ width: Int) -> Parameter {
      let fresh = Initializer.normal(0.02)
      let mean = Initializer.meanOfSource(0, "\(site.path)/\(name)", otherwise: fresh)
      return adaptation.parameter(
        name, [taskCount, width], !isTaught && taskStart == .mean ? mean : fresh, at: site,
        group: .lowRank)
    }
    let (rows, columns) = (vectors("task.row", length), vectors("task.column", width))
    adaptation.editInput(site) { input, pass in
      let task = pass.task..<pass.task + 1
      let row = pass[rows].rows(task).reshaped([length])
      let column = pass[columns].rows(task).reshaped([width])
      return input.prepending(pass[shared].scalingRows(by: row) * column)
    }
    if isTaught { teach(site, into: &adaptation) }
  }

  /// Trained prompts, one a task, as teachers.
  private func teach(_ site: Site<Embedding>, into adaptation: inout Adaptation) {
    let prompts = (0..<adaptation.taskCount).map { task in
      adaptation.held(
        "teacher.\(task)", [length, site.output], .source(task, "\(site.path)/prompt"), at: site)
    }
    adaptation.teacher(weight: teacherWeight, temperature: temperature) { teacher in
      teacher.editInput(site) { $0.prepending($1[prompts[$1.task]]) }
    }
  }
}
