public import NeuralNetworks

/// A parameter-efficient tuning method: a value that holds its hyperparameters.
///
/// A method declares what is trained and where it acts; it never sees a model file, and a model
/// file never mentions a method. An experiment may declare its own.
public protocol TuningMethod: Codable, Hashable, Sendable {
  /// The catalogue name, lower case: `dept`.
  static var name: String { get }
  /// What people call it: `DePT`.
  static var title: String { get }
  /// The paper it comes from.
  static var reference: Citation { get }
  /// What it computes, in one line of plain text.
  static var formula: String { get }
  /// Why its count of trained scalars is what it is, where a published one differs; `nil`: it needs
  /// no word.
  static var countNote: String? { get }
  /// The rates of the paper, used where an experiment sets none.
  var defaultLearningRates: LearningRates { get }
  /// What makes these hyperparameters impossible, one sentence each; empty when they are fine.
  var issues: [String] { get }
  /// The longest source the method can handle, in tokens; `nil`: any.
  var longestSource: Int? { get }
  /// How many adapters of other runs it starts from.
  var sources: ClosedRange<Int> { get }

  /// What makes the method impossible on this backbone, one sentence each: no encoder, a selector
  /// that matches nothing.
  func issues(on backbone: Anatomy) -> [String]
  /// Declares what is trained and where it acts. Pure; sees no weight's value.
  func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation)
}

/// What is impossible for every method.
enum HyperparameterRange {
  /// More than any model is wide or any text is long: what is beyond is a slip of the keyboard.
  static let largest = 1 << 20

  /// A sentence where `value` lies outside of `smallest...largest`; nothing where it is fine.
  static func issue(_ name: String, _ value: Int, atLeast smallest: Int) -> [String] {
    if value < smallest { return ["\(name) is \(value); it has to be at least \(smallest)"] }
    return value > largest ? ["\(name) is \(value); it can be \(largest) at most"] : []
  }

  /// A sentence where `selector` matches none of a backbone's sites.
  static func issues<Kind>(_ name: String, _ selector: SiteSelector, _ matched: [Site<Kind>])
    -> [String]
  {
    guard matched.isEmpty else { return [] }
    return ["\(name), \(selector), match no site of this backbone; choose others"]
  }
}

extension TuningMethod {
  public static var formula: String { "" }
  public static var countNote: String? { nil }
  public var issues: [String] { [] }
  public var longestSource: Int? { nil }
  public var sources: ClosedRange<Int> { 0...0 }
  public func issues(on backbone: Anatomy) -> [String] { [] }

  /// Everything that makes the method impossible on a backbone, one sentence each: its
  /// hyperparameters, its sites, and where several methods act, what they cannot share.
  public func problems(on backbone: Anatomy, taskCount: Int = 1) -> [String] {
    let own = issues + issues(on: backbone)
    guard own.isEmpty else { return own }
    let conflicts = adaptation(of: backbone, taskCount: taskCount).conflicts
    let shown = 2
    guard conflicts.count > shown else { return conflicts }
    return conflicts.prefix(shown) + ["and \(conflicts.count - shown) more conflicts like these"]
  }

  /// The adaptation of one backbone.
  ///
  /// - Parameter taskCount: the tasks that a run trains on.
  public func adaptation(of backbone: Anatomy, taskCount: Int = 1) -> Adaptation {
    var adaptation = Adaptation(taskCount: taskCount)
    adapt(backbone, into: &adaptation)
    return adaptation
  }
}
