/// A request for memory that cannot be met: what was needed, and what there was.
public struct MemoryShortage: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is too small.
  public enum Bound: Hashable, Sendable {
    /// The limit in bytes that was set for this process.
    case limit(Int)
    /// What the machine, or its share for this process, has left: more would end in a kill.
    case machine
    /// The system itself refused.
    case system
  }

  /// Bytes that were asked for.
  public var requested: Int
  /// Bytes that the process has for itself already.
  public var inUse: Int
  /// Bytes that were there; `nil` where the system does not say.
  public var available: Int?
  public var bound: Bound

  public init(requested: Int, inUse: Int, available: Int?, bound: Bound) {
    self.requested = requested
    self.inUse = inUse
    self.available = available
    self.bound = bound
  }

  /// The facts in one sentence without its full stop; the remedy is for whoever tells the user.
  public var description: String {
    let there =
      switch bound {
      case .limit(let limit):
        "\(Self.text(available ?? 0)) are left of the \(Self.text(limit)) that the limit allows"
      case .machine: "the system has \(Self.text(available ?? 0)) left to give"
      case .system:
        "the system refuses them"
          + (available.map { ", with \(Self.text($0)) left under its limits" } ?? "")
      }
    return "out of memory: \(Self.text(requested)) more are needed, \(there), and "
      + "\(Self.text(inUse)) are in use"
  }

  /// `640 KiB`, `87.5 MiB`, `12.0 GiB`.
  static func text(_ bytes: Int) -> String {
    let unit = bytes < 1 << 20 ? (10, "KiB") : bytes < 10 << 30 ? (20, "MiB") : (30, "GiB")
    guard unit.0 > 10 else { return "\((bytes + 1023) >> 10) KiB" }
    let tenths = (10 * bytes + 1 << (unit.0 - 1)) >> unit.0
    return tenths % 10 == 0 ? "\(tenths / 10) \(unit.1)" : "\(tenths / 10).\(tenths % 10) \(unit.1)"
  }
}
