import Experiments
import Foundation

/// What a process may use while it only describes its plan.
///
/// The experiment is the user's own program: this is hygiene, not containment. The wall clock is
/// watched by the host.
enum PlanningLimits {
  static func apply() {
    limit(RLIMIT_CPU, to: 20)
    limit(RLIMIT_CORE, to: 0)
    limit(RLIMIT_DATA, to: UInt64(ScriptLimits.planningBytes))
  }

  #if canImport(Glibc)
  private typealias Resource = __rlimit_resource
  #else
  private typealias Resource = Int32
  #endif

  private static func limit(_ resource: Resource, to value: UInt64) {
    var limits = rlimit()
    #if canImport(Glibc)
    let which = __rlimit_resource_t(resource.rawValue)
    #else
    let which = resource
    #endif
    guard getrlimit(which, &limits) == 0 else { return }
    limits.rlim_cur = min(rlim_t(value), limits.rlim_max)
    setrlimit(which, &limits)
  }
}
