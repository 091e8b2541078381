import ArgumentParser
import TensorEngine

/// A way to multiply bfloat16 operands, as it is written on the command line.
enum ProductsOption: String, CaseIterable, ExpressibleByArgument {
  case matrixUnit = "matrix-unit"
  case pairs
  case halfPrecision = "half-precision"
  case widened

  var way: ProductKernels.BFloat16Products {
    switch self {
    case .matrixUnit: .matrixUnit
    case .pairs: .pairs
    case .halfPrecision: .halfPrecision
    case .widened: .widened
    }
  }
}
