import DeptTesting
import NeuralNetworks
import Testing

@testable import Training

/// What batching must not change about written answers, and what it must not compute.
@Suite struct DecodingTests {
  @Test("batched answers are those to each source alone", arguments: DecodingCase.all, [1, 2, 4])
  func batched(test: DecodingCase, beams: Int) throws {
    let model = try test.model()
    let plan = DecodingPlan(beams: beams, maximumLength: 8)
    let alone = DecodingCase.sources.map { model.predictedIDs([$0], plan)[0] }
    #expect(Set(alone).count > 1)
    for budget in [1, 60, 4096] {
      #expect(model.predictedIDs(DecodingCase.sources, plan, batchTokens: budget) == alone)
    }
  }

  @Test("one beam writes what greedy decoding writes", arguments: DecodingCase.all)
  func oneBeam(test: DecodingCase) throws {
    let model = try test.model()
    let greedy = model.greedy(DecodingCase.sources, maximumLength: 8)
    let plan = DecodingPlan(beams: 1, maximumLength: 8)
    #expect(model.beamSearch(DecodingCase.sources, plan) == greedy)
    #expect(greedy.contains { $0.last == 1 } && greedy.contains { $0.last != 1 })
  }

  @Test("each source is read once, and finished rows are not computed", arguments: DecodingCase.all)
  func rows(test: DecodingCase) throws {
    let (encoder, decoder) = (RowCount(), RowCount())
    let model = decoder.counting(encoder.counting(try test.model(), .encoder), .decoder)
    let written = model.greedy(DecodingCase.sources, maximumLength: 8)
    let read = DecodingCase.sources.reduce(0) { $0 + $1.count + test.promptLength }
    let steps = (0..<8).map { step in written.count { $0.count > step } }
    #expect(steps != Array(repeating: written.count, count: 8))
    // A decoder alone reads the sources, and has their first tokens with that.
    #expect(encoder.passes == (test.hasEncoder ? [read] : []))
    #expect(decoder.passes == (test.hasEncoder ? steps : [read] + steps.dropFirst()))
    _ = model.beamSearch(DecodingCase.sources, DecodingPlan(beams: 3, maximumLength: 8))
    #expect(encoder.passes == (test.hasEncoder ? [read, read] : []))
    if !test.hasEncoder { #expect(decoder.passes[8] == read) }
    let beams = decoder.passes.dropFirst(test.hasEncoder ? 8 : 9)
    #expect(
      beams.allSatisfy { $0 <= 3 * written.count } && beams.contains { $0 % 3 != 0 || $0 < 90 })
  }

  @Test("batches go by length, within their budget, and lose no source")
  func batches() {
    let sources = DecodingCase.sources
    let batches = sources.batchedByLength(budget: 40) { $0.count + 2 }
    #expect(batches.joined().sorted() == Array(sources.indices))
    let lengths = batches.joined().map { sources[$0].count }
    #expect(lengths == lengths.sorted())
    for batch in batches {
      #expect(batch.count == 1 || batch.reduce(0) { $0 + sources[$1].count + 2 } <= 40)
    }
    #expect(sources.batchedByLength(budget: 0) { _ in .max } == batches.joined().map { [$0] })
    #expect([[Int]]().batchedByLength(budget: 9) { $0.count }.isEmpty)
  }
}
