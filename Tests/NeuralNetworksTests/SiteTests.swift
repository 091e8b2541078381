import Foundation
import NeuralNetworks
import Testing

@Suite struct SiteTests {
  @Test("a path is written stack, layer, part")
  func paths() {
    #expect(SitePath(.encoder, 3, .query).description == "encoder.3.query")
    #expect(SitePath(.shared, nil, .embedding).description == "shared.embedding")
    #expect(SitePath(.decoder, 11, .crossQuery).description == "decoder.11.cross-query")
    #expect(SitePath(.decoder, 1, .key) < SitePath(.encoder, 0, .key))
  }

  @Test("every selector matches what it says")
  func selectors() {
    let query = SitePath(.encoder, 2, .query)
    let input = SitePath(.encoder, nil, .input)
    #expect(SiteSelector.all.matches(query))
    #expect(SiteSelector.parts(.key, .query).matches(query))
    #expect(!SiteSelector.parts(.key).matches(query))
    #expect(SiteSelector.stack(.encoder).matches(input))
    #expect(!SiteSelector.stack(.decoder).matches(input))
    #expect(SiteSelector.layers(2..<3).matches(query))
    #expect(!SiteSelector.layers(0..<2).matches(query))
    #expect(!SiteSelector.layers(0..<9).matches(input))
    let both = SiteSelector.parts(.query) && .stack(.encoder) && .layers(1..<4)
    #expect(both.matches(query))
    #expect(!both.matches(SitePath(.decoder, 2, .query)))
    #expect(!both.matches(SitePath(.encoder, 4, .query)))
  }

  @Test("a selector reads back from JSON")
  func coding() throws {
    let selector = SiteSelector.parts(.query, .crossValue) && .layers(0..<6) && .stack(.decoder)
    let data = try JSONEncoder().encode(selector)
    #expect(try JSONDecoder().decode(SiteSelector.self, from: data) == selector)
  }

  @Test("building a layer declares its sites, shapes and count in the same gesture")
  func blueprint() {
    let small = SmallAnatomy()
    #expect(small.anatomy.scalarCount == 8)
    #expect(
      small.anatomy.weights().map(\.path.description) == ["encoder.0.query", "encoder.final-norm"])
    #expect(small.anatomy.calls().map(\.path.description) == ["encoder.0.query"])
    #expect(small.anatomy.sourceInput == small.input)
    #expect(small.anatomy.shape(of: small.linear.weight.site) == [3, 2])
    #expect(small.linear.site.input == 2 && small.linear.site.output == 3)
    #expect(small.anatomy.weights(.parts(.finalNorm)).count == 1)
    #expect(small.anatomy.calls(.stack(.decoder)).isEmpty)
  }
}
