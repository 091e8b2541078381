import Kernels

/// What multiplies matrices on this machine, and why.
public struct ProductKernels: Hashable, Sendable {
  /// Ways to multiply bfloat16 operands; the last bits of a product differ between them.
  public enum BFloat16Products: Hashable, Sendable {
    /// As float32 numbers.
    case widened
    /// In half precision (AVX512-FP16), 64 products before a sum goes on in float32.
    case halfPrecision
    /// By the vector instruction for pairs of them (AVX512_BF16).
    case pairs
    /// By the matrix unit (AMX-BF16), which then multiplies float32 operands too, as sums of three
    /// bfloat16 numbers each.
    case matrixUnit
  }

  /// Whether our own AVX-512 tiles multiply; the library otherwise.
  public var usesVectors: Bool
  /// How bfloat16 operands are multiplied.
  public var bfloat16: BFloat16Products
  /// How many times as fast as float32 products the vector instruction for bfloat16 was when both
  /// were timed in this process; 0 where the processor has none.
  public var pairGain: Double
  /// The same for the matrix unit.
  public var matrixUnitGain: Double
  /// The library's name and version.
  public var library: String
  /// The processor that the library's kernels are meant for.
  public var processor: String

  /// Of this process. Times every kind of bfloat16 products the first time.
  public static var current: ProductKernels {
    ProductKernels(
      usesVectors: dept_vectors(), bfloat16: BFloat16Products(dept_bfloat16_products()),
      pairGain: dept_bfloat16_gain(DEPT_PAIRS),
      matrixUnitGain: dept_bfloat16_gain(DEPT_MATRIX_UNIT),
      library: Engine.matrixLibrary.split(separator: " ").prefix(2).joined(separator: " "),
      processor: Engine.matrixProcessor)
  }

  package init(
    usesVectors: Bool, bfloat16: BFloat16Products, pairGain: Double, matrixUnitGain: Double,
    library: String, processor: String
  ) {
    self.usesVectors = usesVectors
    self.bfloat16 = bfloat16
    self.pairGain = pairGain
    self.matrixUnitGain = matrixUnitGain
    self.library = library
    self.processor = processor
  }

  /// In a few words, for the record of a run.
  public var name: String {
    guard usesVectors else { return "\(processor) kernels" }
    let products =
      switch bfloat16 {
      case .widened: ""
      case .halfPrecision: " with half precision"
      case .pairs: " with native bfloat16"
      case .matrixUnit: " with AMX"
      }
    return "own AVX-512 kernels" + products
  }
}

extension ProductKernels.BFloat16Products {
  init(_ way: dept_bfloat16_way) {
    self =
      switch way {
      case DEPT_HALVES: .halfPrecision
      case DEPT_PAIRS: .pairs
      case DEPT_MATRIX_UNIT: .matrixUnit
      default: .widened
      }
  }

  var kernel: dept_bfloat16_way {
    switch self {
    case .widened: DEPT_WIDENED
    case .halfPrecision: DEPT_HALVES
    case .pairs: DEPT_PAIRS
    case .matrixUnit: DEPT_MATRIX_UNIT
    }
  }
}

extension ProductKernels: CustomStringConvertible {
  /// What multiplies, and why not something else.
  public var description: String {
    guard usesVectors else {
      return "\(library) (\(processor) kernels), because this processor has no AVX-512"
    }
    return "own AVX-512 tiles; bfloat16: \(products); elsewhere \(library) (\(processor) kernels)"
  }

  private var products: String {
    let pairs =
      pairGain > 0
      ? "vdpbf16ps runs at \(Self.tenths(pairGain))x of float32 here"
      : "this processor has no vdpbf16ps"
    switch bfloat16 {
    case .matrixUnit:
      let gain = Self.tenths(matrixUnitGain)
      return "by the matrix unit, because AMX runs at \(gain)x of float32 here; "
        + "float32: by it too, in three bfloat16 parts"
    case .pairs: return "native, because \(pairs)"
    case .halfPrecision:
      return "in half precision, 64 products to a float32 sum, because \(pairs)"
    case .widened: return "widened to float32, because \(pairs)"
    }
  }

  private static func tenths(_ x: Double) -> String {
    let count = Int((x * 10).rounded())
    return "\(count / 10).\(count % 10)"
  }
}
