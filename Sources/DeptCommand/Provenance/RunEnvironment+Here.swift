import Experiments
import Foundation
import Scheduling
import TensorEngine

extension RunEnvironment {
  /// The variables that may change a result, how fast it comes, or where it is read from.
  private static let prefixes = [
    "DEPT_", "OMP_", "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "HF_", "MALLOC_", "SLURM_JOB",
    "CUDA_VISIBLE",
  ]
  private static let names: Set = ["LD_PRELOAD", "LD_LIBRARY_PATH", "GLIBC_TUNABLES", "TMPDIR"]

  /// This program, machine and process, without any experiment.
  ///
  /// - Parameter threads: of each worker.
  static func here(
    _ surroundings: Surroundings, threads: Int, _ digests: FileDigests
  ) -> RunEnvironment {
    var environment = RunEnvironment()
    environment.command = ["dept"] + SecretMask.arguments(Array(CommandLine.arguments.dropFirst()))
    environment.folder = FileManager.default.currentDirectoryPath
    environment.version = Version.current
    environment.engine = Engine.semanticsVersion
    environment.program = try? digests.digest(ofFile: Surroundings.executable)
    environment.libraries = LoadedLibraries.versions()
    environment.system = Self.systemName
    (environment.host, environment.kernel) = Self.kernelNames
    environment.processor = Self.processorName
    environment.products = "\(ProductKernels.current.name)"
    environment.cores = ProcessInfo.processInfo.activeProcessorCount
    environment.threads = threads
    for (name, value) in surroundings.environment
    where names.contains(name) || prefixes.contains(where: name.hasPrefix) {
      environment.variables[name] = SecretMask.value(value, of: name)
    }
    return environment
  }

  /// What decides how fast runs are here: system, processor, threads of each, and kernels.
  static func machine(threads: Int) -> String {
    "\(systemName), \(processorName), \(threads) thread\(threads == 1 ? "" : "s"), "
      + "\(ProductKernels.current.name)"
  }

  private static var systemName: String {
    let release = FileManager.default.contents(atPath: "/etc/os-release") ?? Data()
    return value(of: "PRETTY_NAME=", in: release)
      ?? ProcessInfo.processInfo.operatingSystemVersionString
  }

  /// The names of this machine and of the kernel with its release.
  private static var kernelNames: (host: String, kernel: String) {
    var names = utsname()
    guard uname(&names) == 0 else { return ("", "") }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return (text(names.nodename), "\(text(names.sysname)) \(text(names.release))")
  }

  private static var processorName: String {
    let list = FileHandle(forReadingAtPath: "/proc/cpuinfo")
    let head = (try? list?.read(upToCount: 4096)) ?? Data()
    return value(of: "model name", in: head) ?? "unknown processor"
  }

  /// What stands after the first line's `key`, without `:`, `=` and quotes.
  private static func value(of key: String, in text: Data) -> String? {
    String(decoding: text, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix(key) }
      .map { line in
        line.dropFirst(key.count).trimmingCharacters(in: CharacterSet(charactersIn: " \t:=\""))
      }
  }
}
