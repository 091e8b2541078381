/// What stands on the stack while a pickle is read.
///
/// What holds other values stands for itself by its index, so that a value is copied and dropped in
/// one step however deep it is nested.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case global(PickleGlobal)
  /// The index of its elements among the machine's sequences.
  case tuple(Int)
  case list(Int)
  /// The index of its keys and values, in turn, among the machine's sequences.
  case dictionary(Int)
  /// The index of a storage.
  case storage(Int)
  /// The index of a tensor.
  case tensor(Int)

  /// What it is, for sentences.
  var kind: String {
    switch self {
    case .none: "nothing (None)"
    case .boolean: "a truth value"
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "a text"
    case .global: "a class or a function"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .storage: "a storage without a shape"
    case .tensor: "a tensor"
    }
  }
}

/// The names of Python's modules that a dictionary of tensors may ask for.
///
/// Each stands for something that is done here; nothing of Python is ever run.
enum PickleGlobal: Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(StorageType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "DoubleStorage"): self = .storage(.float64)
    case ("torch", "FloatStorage"): self = .storage(.float32)
    case ("torch", "HalfStorage"): self = .storage(.float16)
    case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
    case ("torch", "LongStorage"): self = .storage(.int64)
    case ("torch", "IntStorage"): self = .storage(.int32)
    case ("torch", "ShortStorage"): self = .storage(.int16)
    case ("torch", "CharStorage"): self = .storage(.int8)
    case ("torch", "ByteStorage"): self = .storage(.uint8)
    case ("torch", "BoolStorage"): self = .storage(.boolean)
    default: return nil
    }
  }
}
