import Kernels

/// What multiplies matrices on this machine, and why.
public struct ProductKernels: Hashable, Sendable {
  /// Whether our own AVX-512 tiles multiply; the library otherwise.
  public var usesVectors: Bool
  /// Whether bfloat16 operands are multiplied as they are, or widened to float32 first. The last
  /// bits of a product differ between the two.
  public var usesNativeBFloat16: Bool
  /// Whether bfloat16 operands are multiplied in half precision (AVX512-FP16), 64 products before a
  /// sum goes on in float32.
  public var usesHalfPrecision: Bool
  /// How many times as fast as float32 products the processor's bfloat16 instruction was when both
  /// were timed in this process; 0 where it has none.
  public var nativeBFloat16Gain: Double
  /// The library's name and version.
  public var library: String
  /// The processor that the library's kernels are meant for.
  public var processor: String

  /// Of this process. Times both kinds of bfloat16 products the first time.
  public static var current: ProductKernels {
    ProductKernels(
      usesVectors: dept_vectors(), usesNativeBFloat16: dept_native_bfloat16(),
      usesHalfPrecision: dept_half_vectors() && !dept_native_bfloat16(),
      nativeBFloat16Gain: dept_native_bfloat16_gain(),
      library: Engine.matrixLibrary.split(separator: " ").prefix(2).joined(separator: " "),
      processor: Engine.matrixProcessor)
  }

  package init(
    usesVectors: Bool, usesNativeBFloat16: Bool, usesHalfPrecision: Bool,
    nativeBFloat16Gain: Double, library: String, processor: String
  ) {
    self.usesVectors = usesVectors
    self.usesNativeBFloat16 = usesNativeBFloat16
    self.usesHalfPrecision = usesHalfPrecision
    self.nativeBFloat16Gain = nativeBFloat16Gain
    self.library = library
    self.processor = processor
  }

  /// In a few words, for the record of a run.
  public var name: String {
    guard usesVectors else { return "\(processor) kernels" }
    let bfloat16 =
      usesNativeBFloat16 ? " with native bfloat16" : usesHalfPrecision ? " with half precision" : ""
    return "own AVX-512 kernels" + bfloat16
  }
}

extension ProductKernels: CustomStringConvertible {
  /// What multiplies, and why not something else.
  public var description: String {
    guard usesVectors else {
      return "\(library) (\(processor) kernels), because this processor has no AVX-512"
    }
    return "own AVX-512 tiles; bfloat16: \(bfloat16); elsewhere \(library) (\(processor) kernels)"
  }

  private var bfloat16: String {
    let tenths = Int((nativeBFloat16Gain * 10).rounded())
    let native =
      nativeBFloat16Gain > 0
      ? "vdpbf16ps runs at \(tenths / 10).\(tenths % 10)x of float32 here"
      : "this processor has no vdpbf16ps"
    if usesNativeBFloat16 { return "native, because \(native)" }
    if usesHalfPrecision {
      return "in half precision, 64 products to a float32 sum, because \(native)"
    }
    return "widened to float32, because \(native)"
  }
}
