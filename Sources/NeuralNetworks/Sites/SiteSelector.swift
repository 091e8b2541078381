/// Which sites a method targets; composable: `.parts(.query, .value) && .layers(0..<6)`.
public indirect enum SiteSelector: Hashable, Sendable, Codable {
  /// Every site.
  case all
  /// Sites of any of these parts.
  case anyOf([SitePath.Part])
  /// Sites of one stack.
  case stack(SitePath.Stack)
  /// Sites whose layer, counted from 0, lies in `first ..< end`.
  case layerRange(first: Int, end: Int)
  /// Sites that both selectors match.
  case both(SiteSelector, SiteSelector)

  /// Sites of any of these parts.
  public static func parts(_ parts: SitePath.Part...) -> SiteSelector { .anyOf(parts) }
  /// Sites of these layers.
  public static func layers(_ range: Range<Int>) -> SiteSelector {
    .layerRange(first: range.lowerBound, end: range.upperBound)
  }
  /// Sites that both selectors match.
  public static func && (a: SiteSelector, b: SiteSelector) -> SiteSelector { .both(a, b) }

  /// Whether a site at `path` is meant.
  public func matches(_ path: SitePath) -> Bool {
    switch self {
    case .all: true
    case .anyOf(let parts): parts.contains(path.part)
    case .stack(let stack): path.stack == stack
    case .layerRange(let first, let end): path.layer.map { (first..<end).contains($0) } ?? false
    case .both(let a, let b): a.matches(path) && b.matches(path)
    }
  }
}
