import Synchronization
import TuningMethods

/// Descriptions of the methods that this process has met: a plan lists the same one many times.
///
/// A class because every `Run` asks for it; a description follows from the method alone.
final class DescribedMethods: Sendable {
  /// A method as what it is told apart by.
  struct Key: Hashable, Sendable {
    private let method: any TuningMethod

    init(_ method: any TuningMethod) { self.method = method }

    static func == (a: Key, b: Key) -> Bool {
      func isSame<Method: TuningMethod>(_ method: Method) -> Bool {
        (b.method as? Method) == method
      }
      return isSame(a.method)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(ObjectIdentifier(type(of: method)))
      method.hash(into: &hasher)
    }
  }

  static let shared = DescribedMethods()
  /// So many at most, so that a long-lived process does not gather what it has no use for.
  private static let most = 10_000
  private let known = Mutex<[Key: MethodDescription]>([:])

  subscript(key: Key) -> MethodDescription? {
    get { known.withLock { $0[key] } }
    set {
      known.withLock { known in
        if known.count >= Self.most { known.removeAll() }
        known[key] = newValue
      }
    }
  }
}
