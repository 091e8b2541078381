import Synchronization
import TensorEngine

/// What one forward pass has computed for several places, by name.
///
/// A class because all copies of a pass share it.
final class PassMemo: Sendable {
  private let values = Mutex<[String: Tensor]>([:])

  func value(_ name: String, _ make: () -> Tensor) -> Tensor {
    if let known = values.withLock({ $0[name] }) { return known }
    let value = make()
    values.withLock { $0[name] = value }
    return value
  }
}
