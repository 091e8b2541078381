import Checkpoints
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods

extension MethodLaws {
  /// An adapter file gives back the bits that were written, held tensors too, and what they
  /// compute.
  static func saving(_ subject: MethodSubject) throws -> [Violation] {
    let folder = try TemporaryFolder()
    let (path, saved) = ("\(folder.path)/adapter.safetensors", subject.moved)
    try saved.adapterFile(
      method: type(of: subject.method).name, hyperparameters: "{}", backbone: subject.name
    ).write(to: path)
    let read = try Parameters(adapterAt: path, for: subject.adaptation)
    let changed = saved.names.filter { saved[$0].bits != read.tensor(named: $0)?.bits }
    guard changed.isEmpty, read.count == saved.count else {
      return [Violation("saving", subject.name, "other bits are read of \(changed)")]
    }
    return subject.logits(saved).bits == subject.logits(read).bits
      ? [] : [Violation("saving", subject.name, "other logits are computed from what is read")]
  }
}
