import Synchronization
import TensorEngine

/// What has been computed in a forward pass, or in a session of decoding, and is asked for again.
///
/// A class because all calls of one pass share it; it ends with the pass.
final class PassMemory: Sendable {
  private let tensors = Mutex<[String: Tensor]>([:])

  func callAsFunction(_ name: String, _ compute: () -> Tensor) -> Tensor {
    if let known = tensors.withLock({ $0[name] }) { return known }
    // Outside of the lock: what is computed may ask for something else.
    let value = compute()
    tensors.withLock { $0[name] = value }
    return value
  }
}
