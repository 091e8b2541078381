import Backbones
import Training

extension HuggingFaceModel {
  /// The model of a backbone by name or path, from its configuration alone.
  ///
  /// - Throws: `Failure` and `BackboneError`.
  init(_ id: BackboneID, _ surroundings: Surroundings) throws {
    self.init(try T5.described(surroundings.configuration(of: id)), name: id.rawValue)
  }
}
