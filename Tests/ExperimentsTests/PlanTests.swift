import Backbones
import Datasets
import Experiments
import Testing
import Training
import TuningMethods

@Suite struct PlanTests {
  @Test("the example of the manual plans what it says")
  func manual() {
    let plan = Plan {
      for dataset in [DatasetID("sst2"), "rte", "cb"] {
        for (prompt, lowRank) in [(0.3, 0.3), (5e-4, 5e-4), (0.3, 5e-4)] {
          Run(DePT(promptLength: 40, rank: 45), on: dataset, with: .nano)
            .learningRates(prompt: prompt, lowRank: lowRank)
            .steps(2_000, warmup: 100)
            .seeds(1...3)
        }
        Run(PromptTuning(length: 100), on: dataset, with: .nano).seeds(1...3)
      }
    }
    #expect(plan.count == 3 * (3 * 3 + 3))
    let first = plan.entries[0].spec
    #expect(first.method.name == "dept")
    #expect(first.method.hyperparameters["rank"] == .integer(45))
    #expect(first.schedule.learningRate == 0.3)
    #expect(first.schedule.lowRankLearningRate == 0.3)
    #expect(first.schedule.steps == 2_000)
    #expect(first.schedule.warmup == 100)
    #expect(plan.entries.map(\.spec.seed).prefix(3) == [1, 2, 3])
  }

  @Test("conditions, optionals, arrays and existentials are the sweep language")
  func language() {
    let wide = true
    let none: Plan? = nil
    let methods: [any TuningMethod] = [LoRA(rank: 8), LoRA(rank: 16), FullFineTuning()]
    let plan = Plan {
      if wide { Run(LoRA(rank: 64), on: "rte", with: .nano) }
      if !wide { Run(LoRA(rank: 4), on: "rte", with: .nano) } else { none }
      for method in methods { Run(method, on: "rte", with: .nano) }
      methods.map { method in Run(method, on: "cb", with: .nano) }
      switch methods.count {
      case 3: Run(PromptTuning(length: 3), on: "cb", with: .nano)
      default: none
      }
    }
    #expect(plan.count == 8)
    #expect(plan.entries.map(\.method.defaultLearningRates.main).count == 8)
  }

  @Test("modifiers map over every run inside, and several values multiply them in order")
  func modifiers() {
    let plan = Plan {
      Run(LoRA(rank: 8), on: "rte", with: .nano)
      Run(LoRA(rank: 16), on: "rte", with: .nano)
    }
    .learningRate(1e-3, 1e-4).seeds(5, 6).fewShot(16, 32).batchSize(8, accumulation: 2)
    .evaluate(every: 50, limit: 100).sourceLength(64).targetLength(4).dropout(0.1)
    .weightDecay(0.01).clip(0).order(.sequential)
    #expect(plan.count == 16)
    let schedules = plan.entries.map(\.spec.schedule)
    #expect(
      schedules.map(\.learningRate)[..<8] == [1e-3, 1e-3, 1e-3, 1e-3, 1e-4, 1e-4, 1e-4, 1e-4])
    #expect(plan.entries.map(\.spec.seed)[..<4] == [5, 5, 6, 6])
    #expect(schedules.map(\.fewShot)[..<2] == [16, 32])
    let last = schedules[15]
    #expect(last.batchSize == 8 && last.accumulation == 2)
    #expect(last.evaluateEvery == 50 && last.validationLimit == 100)
    #expect(last.sourceLength == 64 && last.targetLength == 4)
    #expect(last.dropout == 0.1 && last.weightDecay == 0.01 && last.clip == 0)
    #expect(last.order == .sequential)
  }

  @Test("a step reads a number of examples or a budget of tokens, whichever was asked for last")
  func batches() {
    let run = Run(LoRA(), on: "rte", with: .nano)
    let budgets = run.batchSize(8).batchTokens(512, 4096, accumulation: 3)
    #expect(
      budgets.entries.map(\.spec.schedule.batchLimit) == [.tokens(512), .tokens(4096)])
    #expect(budgets.entries.allSatisfy { $0.spec.schedule.accumulation == 3 })
    let sizes = budgets.batchSize(8).entries.map(\.spec.schedule.batchLimit)
    #expect(sizes == [.examples(8), .examples(8)])
    let chosen = run.order(.bucketed).decoding(.labels).entries[0].spec.schedule
    #expect(chosen.order == .bucketed && chosen.decoding == .labels)
  }

  @Test("a method's own learning rates hold until a modifier says otherwise")
  func defaultRates() {
    let plan = Run(DePT(), on: "rte", with: .nano)
    let own = DePT().defaultLearningRates
    #expect(plan.entries[0].spec.schedule.learningRate == own.main)
    #expect(plan.entries[0].spec.schedule.lowRankLearningRate == own.lowRank)
    let one = plan.learningRate(0.1).entries[0].spec.schedule
    #expect(one.learningRate == 0.1)
    #expect(one.lowRankLearningRate == nil)
  }

  @Test("pairs of rates multiply a method with a low-rank group, and agree in the prompt elsewhere")
  func pairs() {
    let pairs = [(prompt: 0.3, lowRank: 0.3), (0.3, 5e-4), (0.5, 5e-4)]
    let dept = Run(DePT(), on: "rte", with: .nano).learningRates(pairs)
    #expect(dept.entries.map(\.spec.schedule.lowRankLearningRate) == [0.3, 5e-4, 5e-4])
    let prompt = Run(PromptTuning(), on: "rte", with: .nano).learningRates(pairs)
    #expect(prompt.entries.map(\.spec.schedule.learningRate) == [0.3, 0.5])
    #expect(prompt.entries.allSatisfy { $0.spec.schedule.lowRankLearningRate == nil })
  }

  @Test("a run knows the line that asked for it, and its method as Swift knows it")
  func location() {
    let plan = Run(DePT(promptLength: 7), on: "rte", with: .nano).seeds(1...2)
    #expect(plan.entries.map(\.location.line) == [#line - 1, #line - 1])
    #expect(plan.entries[1].location.file.hasSuffix("PlanTests.swift"))
    #expect((plan.entries[1].method as? DePT)?.promptLength == 7)
  }

  @Test("what is timed multiplies the runs, and takes examples as they come")
  func timing() throws {
    let run = Run(LoRA(), on: .length(64), with: .random(.t5Small)).steps(3)
    let plan = run.timing(.training, .inference)
    #expect(plan.entries.map(\.spec.schedule.timing) == [.training, .inference])
    #expect(plan.entries.allSatisfy { $0.spec.schedule.order == .sequential })
    #expect(plan.entries[0].spec.dataset == "length-64")
    #expect(plan.entries[0].spec.schedule.targetLength == 2)
    #expect(!(run.timing().entries[0].mistakes.isEmpty))
    // What is not timed keeps the identity it had before anything could be.
    #expect(!(try run.entries[0].spec.canonicalDescription().contains("timing")))
  }

  @Test("a method travels as data and comes back")
  func methodDescription() throws {
    let method = DePT(promptLength: 20, rank: 60)
    let description = try MethodDescription(method)
    #expect(try description.catalogued() as? DePT == method)
    #expect(throws: MethodDescriptionError.notEncodable(method: "lora")) {
      try MethodDescription(LoRA(rank: 8, alpha: .nan))
    }
    let wrong = MethodDescription(name: "lroa", hyperparameters: [:])
    #expect {
      try wrong.catalogued()
    } throws: {
      "\($0)" == "the catalogue has no method 'lroa'; did you mean 'lora'?"
    }
    var partial = description
    partial.hyperparameters["rank"] = nil
    #expect(try (partial.catalogued() as? DePT)?.rank == DePT().rank)
    var surplus = description
    surplus.hyperparameters["rnak"] = .integer(8)
    #expect {
      try surplus.catalogued()
    } throws: {
      "\($0)".hasPrefix(
        "the hyperparameter 'rnak' of the method 'dept' is unknown; did you mean 'rank'?")
    }
    var mistyped = description
    mistyped.hyperparameters["rank"] = .string("many")
    #expect(throws: MethodDescriptionError.self) { try mistyped.catalogued() }
  }
}
