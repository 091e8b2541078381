/// What can be wrong with files of tensors.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no file or directory at this path.
  case missingFile(path: String)
  /// The directory holds no weights.
  case missingWeights(directory: String)
  /// The directory holds weights only in PyTorch's pickle format.
  case pickleOnly(directory: String, file: String)
  /// The operating system refuses to read the file.
  case unreadable(path: String, reason: String)
  /// The file is not whole, or not a safetensors file; `byte` is where it goes wrong.
  case malformed(path: String, byte: Int, reason: String)
  /// The file's description of one tensor contradicts itself or the file.
  case malformedTensor(path: String, tensor: String, reason: String)
  /// The index of a sharded checkpoint cannot be used.
  case malformedIndex(path: String, reason: String)
  /// No tensor has this name; `nearest` are names that come close.
  case missingTensor(path: String, tensor: String, nearest: [String])
  /// A tensor does not have the shape that is needed.
  case wrongShape(path: String, tensor: String, expected: [Int], found: [Int])
  /// A tensor is stored in a way that has no reading as 32-bit floats.
  case unsupportedStorage(path: String, tensor: String, type: StorageType)
  /// The file is not whole, or not one of `torch.save`.
  case malformedTorchFile(path: String, reason: String)
  /// The file is one of PyTorch before 1.6.
  case formerTorchFile(path: String)
  /// The file of `torch.save` asks for something that is not data.
  case refusedPickle(path: String, request: String)
  /// The file of `torch.save` holds something else than a dictionary of tensors.
  case unsuitableTorchFile(path: String, reason: String)
  /// The directory has no file of an adapter that peft wrote.
  case missingAdapter(directory: String, files: String)
  /// A configuration is not JSON.
  case malformedConfiguration(path: String, byte: Int, reason: String)
  /// A field of a configuration is missing or cannot be used.
  case malformedField(path: String, field: String, reason: String)
  /// The adapter is of a kind that is not read here.
  case unsupportedKind(path: String, kind: String, supported: [String])
  /// Tensors were given for writing that no file can hold.
  case unwritableTensor(tensor: String, reason: String)
  /// The operating system refuses to write the file.
  case unwritable(path: String, reason: String)

  /// Whether something that should be there is not, rather than being wrong.
  public var isMissingInput: Bool {
    switch self {
    case .missingFile, .missingWeights, .missingAdapter: true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .missingFile(let path):
      "there is no file \(path): check the path"
    case .missingWeights(let directory):
      """
      \(directory) holds neither model.safetensors nor model.safetensors.index.json: give the \
      directory of a model in Hugging Face layout
      """
    case .pickleOnly(let directory, let file):
      """
      \(directory) holds its weights only as \(file), a pickle that could run code: convert it to \
      model.safetensors, for example with transformers' save_pretrained
      """
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    case .malformed(let path, let byte, let reason):
      "\(path) is not a whole safetensors file: at byte \(byte), \(reason); fetch or write it again"
    case .malformedTensor(let path, let tensor, let reason):
      "tensor '\(tensor)' of \(path) \(reason): the file is damaged, fetch or write it again"
    case .malformedIndex(let path, let reason):
      "\(path) cannot be used as an index of shards: \(reason)"
    case .missingTensor(let path, let tensor, let nearest):
      """
      \(path) has no tensor '\(tensor)'\
      \(nearest.isEmpty ? "" : ", the nearest is \(Self.list(nearest))"): check that the file \
      belongs to this model
      """
    case .wrongShape(let path, let tensor, let expected, let found):
      """
      tensor '\(tensor)' of \(path) has shape \(found) where \(expected) is needed: check that the \
      file belongs to this model and these settings
      """
    case .unsupportedStorage(let path, let tensor, let type):
      """
      tensor '\(tensor)' of \(path) is stored as \(type.rawValue), which cannot be read as numbers \
      with 32 bits: convert it to F32, F16 or BF16
      """
    case .malformedTorchFile(let path, let reason):
      "\(path) is not a whole file of torch.save: \(reason); fetch or write it again"
    case .formerTorchFile(let path):
      """
      \(path) is written as PyTorch wrote files before 1.6: write it again with torch.save of a \
      later PyTorch, or as safetensors
      """
    case .refusedPickle(let path, let request):
      "\(path) \(request); refused: save the tensors alone, best as safetensors"
    case .unsuitableTorchFile(let path, let reason):
      "\(path) \(reason) where only a dictionary of tensors is read: save the state_dict alone"
    case .missingAdapter(let directory, let files):
      "\(directory) has no \(files): give the folder of an adapter that peft saved"
    case .malformedConfiguration(let path, let byte, let reason):
      "\(path) cannot be read: at byte \(byte), \(reason); fetch or write it again"
    case .malformedField(let path, let field, let reason):
      "field '\(field)' of \(path) \(reason)"
    case .unsupportedKind(let path, let kind, let supported):
      """
      \(path) is an adapter of peft_type '\(kind)', which is not read here: the supported ones are \
      \(supported.joined(separator: ", "))
      """
    case .unwritableTensor(let tensor, let reason):
      "tensor '\(tensor)' cannot be written: \(reason)"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: " or ")
  }
}
