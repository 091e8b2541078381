public import Backbones
public import NeuralNetworks
import TensorEngine

/// What every backbone promises, seen through any adaptation: decoding with a cache is decoding
/// without, a packed batch is one by one, the future does not act on the past.
public enum BackboneLaws {
  private static let sources = [[4, 9, 2, 7, 1], [5, 1], [1], [8, 3, 3, 11, 6, 2, 10, 1]]
  private static let targets = [[3, 5, 5, 1], [9, 2, 8, 6], [2, 7, 1, 1], [10, 4, 3, 12]]

  /// The laws that a backbone breaks under `forward`; empty when it keeps them all.
  public static func violations(
    of backbone: any Backbone, named name: String, _ forward: Forward = .frozen
  ) -> [Violation] {
    anatomy(backbone, name) + determinism(backbone, name, forward)
      + packing(backbone, name, forward) + sharing(backbone, name, forward)
      + causality(backbone, name, forward)
      + cache(backbone, name, forward) + parents(backbone, name, forward)
  }

  private static func logits(
    _ backbone: any Backbone, _ sources: [[Int]], _ targets: [[Int]], _ forward: Forward
  ) -> Tensor {
    backbone.logits(source: PackedTokens(sources), target: PackedTokens(targets), forward)
  }

  private static func anatomy(_ backbone: any Backbone, _ name: String) -> [Violation] {
    let sites = backbone.anatomy.weights()
    var found: [Violation] = []
    let shapes = sites.filter {
      backbone.weights[$0.path]?.shape != backbone.anatomy.shape(of: $0)
    }
    if let first = shapes.first {
      found.append(Violation("anatomy", name, "\(first.path) is not the weight that is declared"))
    }
    let count = backbone.weights.values.reduce(0) { $0 + $1.scalarCount }
    if count != backbone.anatomy.scalarCount || backbone.weights.count != sites.count {
      found.append(
        Violation("anatomy", name, "\(count) scalars, declared \(backbone.anatomy.scalarCount)"))
    }
    let names = backbone.checkpointNames
    if Set(names.keys) != Set(sites.map(\.path)) || Set(names.values).count != names.count {
      found.append(Violation("anatomy", name, "checkpoint names are not one a weight"))
    }
    let calls = backbone.anatomy.calls().map(\.path)
    if Set(calls).count != calls.count {
      found.append(Violation("anatomy", name, "two calls have one path"))
    }
    return found
  }

  private static func determinism(
    _ backbone: any Backbone, _ name: String, _ forward: Forward
  ) -> [Violation] {
    let (first, second) = (
      logits(backbone, sources, targets, forward), logits(backbone, sources, targets, forward)
    )
    var found: [Violation] = []
    if first.bits != second.bits {
      found.append(Violation("determinism", name, "a second pass gave other bits"))
    }
    if !first.isConstant {
      found.append(Violation("constants", name, "a frozen pass was recorded"))
    }
    return found
  }

  private static func packing(
    _ backbone: any Backbone, _ name: String, _ forward: Forward
  ) -> [Violation] {
    let uneven = zip(targets, [4, 1, 3, 2]).map { Array($0.prefix($1)) }
    let packed = logits(backbone, sources, uneven, forward)
    let segments = PackedTokens(uneven).segments
    return sources.indices.flatMap { index in
      difference(
        "packing", "\(name), sequence \(index)", packed.rows(segments.range(index)),
        logits(backbone, [sources[index]], [uneven[index]], forward))
    }
  }

  /// Several targets of one source, and none, are as with a source each.
  private static func sharing(
    _ backbone: any Backbone, _ name: String, _ forward: Forward
  ) -> [Violation] {
    let counts = [2, 0, 3, 1]
    let owners = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    let uneven = owners.indices.map { index in
      Array(targets[index % targets.count].prefix(1 + index % 4))
    }
    let target = PackedTokens(uneven)
    let shared = backbone.logits(
      source: PackedTokens(sources), target: target, targetCounts: counts, forward)
    return owners.indices.flatMap { index in
      difference(
        "sharing", "\(name), target \(index)", shared.rows(target.segments.range(index)),
        logits(backbone, [sources[owners[index]]], [uneven[index]], forward))
    }
  }

  private static func causality(
    _ backbone: any Backbone, _ name: String, _ forward: Forward
  ) -> [Violation] {
    let before = logits(backbone, [sources[0]], [targets[0]], forward)
    var changed = targets[0]
    changed[2] = 11
    let after = logits(backbone, [sources[0]], [changed], forward)
    // The token at place 2 is read to predict place 3.
    let past = difference("causality", name, after.rows(0..<3), before.rows(0..<3))
    let isSeen = after.rows(3..<4).bits != before.rows(3..<4).bits
    return past + (isSeen ? [] : [Violation("causality", name, "a token read has no effect")])
  }

  private static func cache(
    _ backbone: any Backbone, _ name: String, _ forward: Forward
  ) -> [Violation] {
    let forced = logits(backbone, sources, targets, forward)
    let length = targets[0].count
    var session = backbone.decoding(PackedTokens(sources), queryCount: 4, forward)
    var found: [Violation] = []
    for step in 0..<length {
      let tokens = step == 0 ? nil : targets.map { Int32($0[step - 1]) }
      let next = session.advance(tokens, parents: sources.indices.map(Int32.init))
      let expected = forced.gathering(sources.indices.map { Int32($0 * length + step) })
      found += difference("cache", "\(name), step \(step)", next, expected)
    }
    return found
  }

  /// Beams: rows are repeated, dropped and reordered within their source.
  private static func parents(
    _ backbone: any Backbone, _ name: String, _ forward: Forward
  ) -> [Violation] {
    var session = backbone.decoding(
      PackedTokens(Array(sources.prefix(3))), queryCount: 1000, forward)
    _ = session.advance(nil, parents: [])
    // Two beams of source 0, none of source 1, three of source 2; then they cross and die.
    _ = session.advance([5, 6, 7, 8, 9], parents: [0, 0, 2, 2, 2])
    let last = session.advance([3, 4, 10], parents: [1, 0, 4])
    let rows = [(0, [6, 3]), (0, [5, 4]), (2, [9, 10])]
    return rows.enumerated().flatMap { row, beam in
      let forced = logits(backbone, [sources[beam.0]], [beam.1 + [1]], forward)
      return difference(
        "parents", "\(name), row \(row)", last.rows(row..<row + 1), forced.rows(2..<3))
    }
  }

  private static func difference(
    _ law: String, _ subject: String, _ found: Tensor, _ expected: Tensor
  ) -> [Violation] {
    guard found.shape == expected.shape else {
      return [Violation(law, subject, "\(found.shape) instead of \(expected.shape)")]
    }
    return PrimitiveLaws.differences(
      law, subject, ReferenceArray(found), ReferenceArray(expected), tolerance: 2e-5)
  }
}
