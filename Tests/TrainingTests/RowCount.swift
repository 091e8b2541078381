import Backbones
import NeuralNetworks
import Synchronization
import TensorEngine
import Training

/// Counts the rows that pass through calls of a model, pass by pass.
///
/// A class because the adaptation that counts is shared.
final class RowCount: Sendable {
  private let counts = Mutex<[Int]>([])

  /// The rows of each pass, in order.
  var passes: [Int] { counts.withLock { $0 } }

  /// `model`, counted at the first block of `stack`.
  func counting(_ model: TunedModel, _ stack: SitePath.Stack) -> TunedModel {
    var adaptation = model.adaptation
    let selector = SiteSelector.stack(stack) && .parts(.block) && .layers(0..<1)
    for site in model.backbone.model.anatomy.calls(selector) {
      adaptation.around(site) { x, _, proceed in
        self.counts.withLock { $0.append(x.shape[0]) }
        return proceed(x)
      }
    }
    return TunedModel(
      backbone: model.backbone, adaptation: adaptation, parameters: model.parameters)
  }
}
