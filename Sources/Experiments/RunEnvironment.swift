/// What surrounded runs when they were carried out, as far as it may tell one result from another.
///
/// The same for all runs that one call of `dept run` carries out, and kept once by its content.
/// What is unknown is empty or `nil`.
public struct RunEnvironment: Hashable, Sendable, Codable {
  /// The git working tree that an experiment's file lies in.
  public struct WorkingTree: Hashable, Sendable, Codable {
    /// All digits of the commit; empty before the first.
    public var commit: String
    /// SHA-256 of the patch that leads from the commit to what lay there; `nil`: nothing had
    /// changed, or too much to be kept.
    public var patch: String?
    /// The names of the files that differed, where the patch was too large to be kept.
    public var changedFiles: [String]?
    /// SHA-256 of Swift files in and below the experiment's folder that git knows nothing of, by
    /// their path from there.
    public var untracked: [String: String]

    public init(
      commit: String, patch: String? = nil, changedFiles: [String]? = nil,
      untracked: [String: String] = [:]
    ) {
      self.commit = commit
      self.patch = patch
      self.changedFiles = changedFiles
      self.untracked = untracked
    }

    /// Whether anything differed from the commit.
    public var hasChanges: Bool { patch != nil || changedFiles != nil }
  }

  /// The arguments, the program's name first; what looks like a secret is masked.
  public var command: [String] = []
  /// The folder that the command was given in: relative paths begin there.
  public var folder = ""
  /// The path of the experiment's file as it was given.
  public var experiment = ""
  /// SHA-256 of the experiment's file, whose text is kept beside this.
  public var source: String?
  public var tree: WorkingTree?
  /// The version of `dept`.
  public var version = ""
  /// The version of the engine's arithmetic.
  public var engine = 0
  /// SHA-256 of the program, of the compiled experiment, and of the library it loads.
  public var program: String?
  public var script: String?
  public var scriptLibrary: String?
  /// The Swift compiler, in its own words.
  public var compiler: String?
  /// What libraries of the system say of themselves, by name.
  public var libraries: [String: String] = [:]
  public var host = ""
  public var system = ""
  /// The name and release of the system's kernel.
  public var kernel = ""
  public var processor = ""
  /// What multiplies matrices.
  public var products = ""
  public var cores = 0
  /// Threads of each worker.
  public var threads = 0
  /// Environment variables that may matter; of secrets only that they were there.
  public var variables: [String: String] = [:]

  public init() {}
}

/// What is kept of the surroundings of one call of `dept run`: the environment and the texts it
/// names, each under its hash.
public struct ProvenanceRecord: Hashable, Sendable {
  public var environment: RunEnvironment
  /// SHA-256 of the environment's canonical JSON.
  public var key: String
  /// The experiment's file and the patch, by their SHA-256.
  public var texts: [String: [UInt8]]

  public init(environment: RunEnvironment, key: String, texts: [String: [UInt8]]) {
    self.environment = environment
    self.key = key
    self.texts = texts
  }
}
