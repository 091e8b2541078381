import Backbones
import Datasets
import Experiments
import Training

extension RunSpec {
  /// A short name for people: `dept on rte, seed 1`.
  var name: String { "\(method.name) on \(dataset), seed \(seed)" }

  /// The optimizer steps in all.
  var stepCount: Int { schedule.steps }
}
