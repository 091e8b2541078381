/// A value that copies have in common until one of them is given another: a copy is a reference.
///
/// The runs of a plan of 100,000 share their schedules; carrying each along would take longer than
/// everything else.
struct Shared<Value: Hashable & Sendable>: Hashable, Sendable {
  private final class Box: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  private var box: Box

  init(_ value: Value) { box = Box(value) }

  var value: Value {
    get { box.value }
    set { box = Box(newValue) }
  }

  /// Told apart without looking at the value; equal values may have several.
  var identity: ObjectIdentifier { ObjectIdentifier(box) }

  static func == (a: Self, b: Self) -> Bool { a.box === b.box || a.box.value == b.box.value }

  func hash(into hasher: inout Hasher) { hasher.combine(box.value) }
}
