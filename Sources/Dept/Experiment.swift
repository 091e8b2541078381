public import Experiments
public import Reports

/// A program that describes what to run and how to report on it.
///
/// ```swift
/// import Dept
///
/// @main struct Quick: Experiment {
///   var plan: Plan {
///     Run(PromptTuning(length: 20), on: .rte, with: .nano).seeds(1...3)
///   }
/// }
/// ```
///
/// Run it with `dept run FILE.swift`. The file may declare tuning methods and report cells of its
/// own: the program that it compiles to also carries out its runs.
public protocol Experiment {
  init()
  /// The runs. A pure function: the same file always plans the same.
  @PlanBuilder var plan: Plan { get }
  /// What is said about the results; the standard report unless the experiment has its own.
  @ReportBuilder var report: Report { get }
}

extension Experiment {
  public var report: Report { Report.standard }

  /// Starts the program as `dept` asks; by hand it says how to use it.
  ///
  /// `dept` compiles a second file into an experiment, whose `main` shadows this one and says which
  /// build of the library the experiment was compiled against.
  public static func main() async {
    await ScriptMain.run(Self.self, compiledAgainst: nil)
  }
}
