import Backbones
import Training

extension HuggingFaceModel {
  /// The model of a backbone by name or path, from its configuration alone.
  ///
  /// - Throws: `Failure` and `BackboneError`.
  init(_ id: BackboneID, _ surroundings: Surroundings) throws {
    try self.init(surroundings.architecture(of: id), name: id.rawValue)
  }
}
