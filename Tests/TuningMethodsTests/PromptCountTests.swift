import Backbones
import NeuralNetworks
import Testing
import TuningMethods

/// What prompt methods train on T5-base, from the architecture alone: the counts of their papers
/// and of the baselines' code.
@Suite struct PromptCountTests {
  private func count(_ method: any TuningMethod, tasks: Int = 1) throws -> Int {
    method.adaptation(of: try T5.described(.base).anatomy, taskCount: tasks).scalarCount
  }

  @Test("SPoT trains a prompt of 100, 76,800, in any number of tasks")
  func spot() throws {
    #expect(try count(SPoT()) == 76_800)
    #expect(try count(SPoT(), tasks: 5) == 76_800)
  }

  @Test("ATTEMPT has 231,936, and 96,192 a task of eight; source prompts are not trained")
  func attempt() throws {
    #expect(try count(ATTEMPT()) == 231_936)
    #expect(try count(ATTEMPT(sourceCount: 2)) == 231_936)
    #expect(try count(ATTEMPT(), tasks: 8) == 8 * 96_192)
  }

  @Test("MPT has 77,668, and 10,468 a task of eight; teachers are not trained")
  func mpt() throws {
    #expect(try count(MPT()) == 77_668)
    #expect(try count(MPT(), tasks: 8) == 8 * 10_468)
    #expect(try count(MPT(teacherWeight: 0.9), tasks: 8) == 8 * 10_468)
  }

  @Test("P-tuning of the vision–language baselines has 1,261,088")
  func pTuning() throws {
    #expect(try count(PTuning(length: 40, hiddenWidth: 800, encoder: .tanh)) == 1_261_088)
    let mlp = 20 * 768 + (768 * 128 + 128) + (128 * 128 + 128) + (128 * 768 + 768)
    #expect(try count(PTuning()) == mlp)
    // PyTorch has two biases a direction, of which one is redundant.
    let lstm = 2 * (768 + 128 + 1) * 512 + 2 * (256 + 128 + 1) * 512
    let network = 20 * 768 + lstm + (256 * 256 + 256) + (256 * 768 + 768)
    #expect(try count(PTuning(encoder: .lstm)) == network)
  }

  @Test("ADePT of 60 and rank 19 has 76,051, within the budget of a prompt of 100")
  func adept() throws {
    #expect(try count(ADePT()) == 76_051)
    #expect(try count(ADePT(promptLength: 0, rank: 49)) == 49 * (2 * 768 + 1) + 768)
  }

  @Test("a prefix is length · 2 · inner an attention; a network makes all of a stack")
  func prefix() throws {
    #expect(try count(PrefixTuning()) == 20 * 2 * 768 * 24)
    #expect(
      try count(PrefixTuning(targets: PrefixTuning.decoderSelfAttention)) == 20 * 2 * 768 * 12)
    let stack = 20 * 768 + (768 * 512 + 512) + (512 * 24 * 768 + 24 * 768)
    #expect(try count(PrefixTuning(hiddenWidth: 512)) == 2 * stack)
  }
}
