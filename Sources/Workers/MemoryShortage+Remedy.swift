import TensorEngine

extension MemoryShortage {
  /// What whoever runs a sweep can do about it.
  var remedy: String {
    let less = "take a smaller batch, or cut it into parts with .batchSize(…, accumulation: …)"
    return switch bound {
    case .limit:
      less + ", or allow more with --memory (with --jobs 1 where the machine has no more)"
    case .machine, .system: less + ", or run one at a time with --jobs 1"
    }
  }
}
