// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 mode, explicit imports, and no warning left standing.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// One of our Swift targets with the house settings.
func layer(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
  -> Target
{
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// A test target named after what it tests, with the house settings.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [])
  -> Target
{
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "dept",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "dept", targets: ["DeptCommand"]),
    .library(name: "DeptScript", type: .dynamic, targets: ["Dept"]),
    .library(name: "DeptTesting", targets: ["DeptTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // 0 — system libraries. Headers and link flags, nothing else.
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CMarkdown",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .target(
      name: "CSentencePiece",
      linkerSettings: [
        .linkedLibrary("sentencepiece"), .linkedLibrary("sentencepiece_train"),
      ]),

    // 1 — kernels over raw buffers, and the one thread pool of the process. Knows no tensor.
    .target(
      name: "Kernels", dependencies: ["COpenBLAS"], cSettings: [.define("NDEBUG")],
      linkerSettings: [.linkedLibrary("openblas")]),

    // 2 — values: tensors and gradients; text and ids; documents.
    layer("TensorEngine", ["Kernels"]),
    layer("Tokenization", ["CSentencePiece"]),
    layer("Documents"),
    layer("Spelling"),

    // 3 — sites, anatomy and adaptation; files of tensors; documents on paper and screen.
    layer("NeuralNetworks", ["TensorEngine"]),
    layer("Checkpoints", ["Spelling", "TensorEngine"]),
    layer(
      "Rendering",
      ["Documents", "CMarkdown", .product(name: "Mustache", package: "swift-mustache")]),

    // 4 — frozen models, ways to tune them, ways to judge them. None imports another.
    layer(
      "Backbones", ["NeuralNetworks", "Checkpoints", "TensorEngine", "Tokenization"],
      resources: [.copy("Shipped")]),
    layer("TuningMethods", ["NeuralNetworks", "TensorEngine"]),
    layer("Evaluation"),

    // 5 — examples; their download; the training loop.
    layer("Datasets", ["Evaluation", "Spelling"]),
    layer(
      "Fetching",
      ["Datasets", "CCurl", "CArchive", .product(name: "Crypto", package: "swift-crypto")]),
    layer(
      "Training",
      [
        "Backbones", "TuningMethods", "Datasets", "Evaluation", "NeuralNetworks", "Checkpoints",
        "TensorEngine", "Tokenization",
      ]),

    // 6 — what to run, as values; and the one place that carries a run out.
    layer(
      "Experiments",
      [
        "Training", "TuningMethods", "Backbones", "Datasets", "Evaluation", "NeuralNetworks",
        "TensorEngine", "Spelling",
      ]),
    layer(
      "Workers",
      [
        "Experiments", "Training", "Backbones", "TuningMethods", "Datasets", "Evaluation",
        "Checkpoints", "NeuralNetworks", "TensorEngine", "Tokenization",
      ]),

    // 7 — what results look like; where they are kept; what a script imports.
    layer(
      "Reports",
      [
        "Experiments", "Training", "Evaluation", "Documents", "Datasets", "Backbones",
        "TuningMethods",
      ]),
    layer(
      "RunStorage",
      [
        "Experiments", "Evaluation", "Datasets", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    layer(
      "Dept",
      [
        "Experiments", "Workers", "Reports", "Documents", "Training", "TuningMethods", "Backbones",
        "Datasets", "Evaluation", "NeuralNetworks", "TensorEngine", "Tokenization", "Checkpoints",
      ]),

    // 8 — plan → queue → processes; a Swift file → an executable.
    layer(
      "Scheduling",
      [
        "Experiments", "RunStorage", "Datasets", "Backbones", "Training", "Evaluation",
        "TensorEngine",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(
          name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
      ]),
    layer(
      "ScriptRunner",
      [
        "Experiments", "Documents",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(
          name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
      ]),

    layer(
      "Exchange",
      [
        "Experiments", "RunStorage", "Training", "Datasets", "Backbones",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ], resources: [.copy("Layouts")]),

    // 9 — the command line: the only place that knows everything.
    .executableTarget(
      name: "DeptCommand",
      dependencies: [
        "Dept", "Scheduling", "ScriptRunner", "Exchange", "RunStorage", "Rendering", "Fetching",
        "Reports",
        "Workers", "Experiments", "Training", "TuningMethods", "Backbones", "Datasets",
        "Evaluation", "NeuralNetworks", "Checkpoints", "Documents", "Tokenization",
        "TensorEngine", "Kernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Law suites and fixtures, for our conformances and for users' own.
    layer(
      "DeptTesting",
      [
        "TensorEngine", "NeuralNetworks", "Backbones", "TuningMethods", "Checkpoints", "Datasets",
        "Experiments", "Training", "Tokenization",
      ]),

    // A worker with cheap deterministic runs, to be killed in tests of the scheduler.
    .executableTarget(
      name: "TestWorker",
      dependencies: [
        "Workers", "Scheduling", "RunStorage", "Experiments", "Training", "Datasets", "Backbones",
        "TensorEngine",
      ],
      path: "Tests/Support/TestWorker", swiftSettings: strict),

    tests("ArchitectureTests", []),
    tests("KernelsTests", ["Kernels"]),
    tests("NeuralNetworksTests", ["NeuralNetworks", "TensorEngine"]),
    tests("TensorEngineTests", ["TensorEngine", "DeptTesting"]),
    tests("TokenizationTests", ["Tokenization", "Datasets"]),
    tests("DocumentsTests", ["Documents"]),
    tests("CheckpointsTests", ["Checkpoints"]),
    tests(
      "RenderingTests",
      [
        "Rendering", "Documents", "Reports", "Experiments", "Training", "Datasets", "Backbones",
        "Evaluation",
      ], exclude: ["Snapshots"]),
    tests(
      "BackbonesTests",
      [
        "Backbones", "Checkpoints", "NeuralNetworks", "TensorEngine", "Tokenization",
        "DeptTesting",
      ]),
    tests(
      "TuningMethodsTests",
      ["TuningMethods", "Backbones", "NeuralNetworks", "TensorEngine", "DeptTesting"]),
    tests("EvaluationTests", ["Evaluation"]),
    tests(
      "DatasetsTests", ["Datasets", "DeptTesting", "Evaluation"],
      exclude: ["Samples", "Snapshots"]),
    tests(
      "FetchingTests",
      [
        "Fetching", "Datasets", "DeptTesting", "Evaluation", "CArchive",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    tests(
      "TrainingTests",
      [
        "Experiments", "Training", "TuningMethods", "Backbones", "Checkpoints", "Datasets",
        "Evaluation", "NeuralNetworks", "TensorEngine", "Tokenization", "DeptTesting",
      ]),
    tests(
      "ExperimentsTests",
      [
        "Experiments", "Training", "Datasets", "DeptTesting", "Backbones", "TuningMethods",
        "Evaluation", "NeuralNetworks",
      ]),
    tests(
      "WorkersTests",
      [
        "Workers", "Experiments", "Training", "Datasets", "Backbones", "Checkpoints", "DeptTesting",
        "TensorEngine", "TuningMethods",
      ]),
    tests(
      "ReportsTests",
      [
        "Reports", "Documents", "Experiments", "Training", "Evaluation", "Datasets", "Backbones",
      ]),
    tests(
      "RunStorageTests",
      [
        "RunStorage", "Experiments", "Datasets", "DeptTesting", "Backbones", "Training",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "SchedulingTests",
      [
        "Scheduling", "RunStorage", "Experiments", "Datasets", "DeptTesting", "Backbones",
        "Training", "TestWorker",
      ]),
    tests(
      "ScriptRunnerTests",
      [
        "ScriptRunner", "Experiments", "Datasets", "Backbones", "Training", "Documents",
        "TuningMethods",
      ]),
    tests(
      "ExchangeTests",
      [
        "Exchange", "RunStorage", "Experiments", "Datasets", "DeptTesting", "Training", "Backbones",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "DeptCommandTests",
      [
        "DeptCommand", "DeptTesting", "Experiments", "ScriptRunner", "RunStorage", "Scheduling",
        "Backbones", "Datasets", "Training", "TuningMethods",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
