import Backbones
import DeptTesting
import Testing
import Tokenization

/// How texts become the ids that a model reads and writes.
@Suite struct SourceTextTests {
  @Test("an encoder's source ends with the end token, however it is cut")
  func encoderDecoder() throws {
    let backbone = try TinyBackbone.version10.loaded()
    let tokenizer = backbone.tokenizer
    #expect(backbone.sourceIDs("abcd") == tokenizer.encode("abcd"))
    #expect(backbone.sourceIDs("abcd", length: 3) == Array(tokenizer.encode("ab")))
    #expect(backbone.targetIDs("abcd", length: 3) == Array(tokenizer.encode("ab")))
    #expect(backbone.sourceIDs("abcd", length: 0) == [tokenizer.endToken])
  }

  @Test("a decoder's source ends with the question, of which nothing is cut off")
  func decoder() throws {
    let backbone = try TinyBackbone.gpt2.loaded()
    let tokenizer = backbone.tokenizer
    let question = tokenizer.encodeWithoutEnd(" Label : ")
    #expect(question.count == 9)
    #expect(backbone.sourceIDs("abcd") == tokenizer.encodeWithoutEnd("abcd Label : "))
    #expect(backbone.sourceIDs("abcd", length: 13).count == 13)
    #expect(backbone.sourceIDs("abcd", length: 11) == tokenizer.encodeWithoutEnd("ab") + question)
    #expect(backbone.sourceIDs("", length: 20) == question)
    // Less than the question leaves its end: there is always something to go on from.
    #expect(backbone.sourceIDs("abcd", length: 2) == question.suffix(2))
    #expect(backbone.sourceIDs("abcd", length: 0).count == 1)
    #expect(backbone.targetIDs("abcd", length: 3) == tokenizer.encode("ab"))
  }
}
