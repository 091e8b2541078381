/// The tensors of a file that PyTorch's `torch.save` wrote (1.6 or later), read tensor by tensor.
///
/// The file must hold a dictionary of tensors. Its pickle is parsed and never run: a file that asks
/// for anything but tensors and dictionaries is refused. Numbers of every type are read as 32-bit
/// floats, as in safetensors files.
public struct PyTorchFile: Sendable {
  /// A tensor's name, the type it is stored with, and its shape.
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let type: StorageType
    public let shape: [Int]

    /// How many numbers it has.
    public var elementCount: Int { shape.reduce(1, *) }
  }

  public let path: String
  /// The tensors in the order of the dictionary.
  public let entries: [Entry]

  private let file: MappedFile
  private let views: [String: TorchView]
  /// Where each storage's bytes lie in the file, by its key.
  private let storages: [String: Range<Int>]

  /// Longer than the pickle of a hundred thousand tensors.
  private static let longestPickle = 1 << 24
  /// How many times the file's bytes its tensors may take, beyond `alwaysAllowed`.
  private static let mostRepetition = 16
  private static let alwaysAllowed = 1 << 26
  /// How files of PyTorch before 1.6 start: protocol 2 and a number of ten bytes.
  private static let formerStart: [UInt8] = [
    0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
  ]

  /// Opens a file and checks that every tensor's numbers are there.
  public init(path: String) throws(CheckpointError) {
    let file = try MappedFile(path: path)
    let archive = try Self.archive(file.bytes, path: path)
    let pickles = archive.entries.keys.filter {
      $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2
    }
    guard pickles.count == 1, let pickle = pickles.first, let place = archive.entries[pickle] else {
      throw .malformedTorchFile(path: path, reason: "it has no entry <name>/data.pkl")
    }
    let folder = String(pickle.dropLast("data.pkl".count))
    if let order = archive.entries[folder + "byteorder"],
      !file.bytes[order].elementsEqual("little".utf8)
    {
      throw .malformedTorchFile(
        path: path, reason: "its numbers are not little-endian, as those of nearly all machines")
    }
    let data = folder + "data/"
    var storages: [String: Range<Int>] = [:]
    for (name, bytes) in archive.entries where name.hasPrefix(data) {
      storages[String(name.dropFirst(data.count))] = bytes
    }
    let tensors = try Self.tensors(
      UnsafeRawBufferPointer(rebasing: file.bytes[place]), path: path)
    var views: [String: TorchView] = [:]
    var entries: [Entry] = []
    var total = 0
    for (name, view) in tensors {
      guard views.updateValue(view, forKey: name) == nil else {
        throw .malformedTorchFile(
          path: path, reason: "the name '\(name)' comes a second time in its dictionary")
      }
      let storage = view.storage
      let (needed, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.byteCount)
      guard let bytes = storages[storage.key], !overflow, needed <= bytes.count else {
        throw .malformedTensor(
          path: path, tensor: name,
          reason: "needs \(storage.count) numbers that the file does not have")
      }
      let (sum, tooMany) = total.addingReportingOverflow(
        max(view.elementCount, view.span.count))
      guard !tooMany,
        sum <= max(Self.alwaysAllowed, file.bytes.count * Self.mostRepetition) / 4
      else {
        throw .malformedTorchFile(
          path: path, reason: "its tensors repeat the numbers of the file too many times")
      }
      total = sum
      entries.append(Entry(name: name, type: storage.type, shape: view.shape))
    }
    self.path = path
    self.file = file
    self.views = views
    self.storages = storages
    self.entries = entries
  }

  /// The names of the tensors in the order of the dictionary.
  public var names: [String] { entries.map(\.name) }

  /// A tensor's numbers in row-major order, converted to 32-bit floats.
  ///
  /// - Parameter shape: the shape it must have, if that is known.
  public func floats(named name: String, shape: [Int]? = nil) throws(CheckpointError) -> [Float] {
    guard let view = views[name] else {
      throw .missingTensor(path: path, tensor: name, nearest: nearestNames(to: name, among: names))
    }
    if let shape, shape != view.shape {
      throw .wrongShape(path: path, tensor: name, expected: shape, found: view.shape)
    }
    let width = view.storage.type.byteCount
    let start = (storages[view.storage.key]?.lowerBound ?? 0) + view.span.lowerBound * width
    let bytes = UnsafeRawBufferPointer(
      rebasing: file.bytes[start..<start + view.span.count * width])
    guard
      let span = FloatDecoding.floats(from: bytes, count: view.span.count, as: view.storage.type)
    else { throw .unsupportedStorage(path: path, tensor: name, type: view.storage.type) }
    return view.gathered(from: span)
  }

  private static func archive(_ bytes: UnsafeRawBufferPointer, path: String)
    throws(CheckpointError) -> StoredArchive
  {
    guard !bytes.prefix(formerStart.count).elementsEqual(formerStart) else {
      throw .formerTorchFile(path: path)
    }
    do {
      return try StoredArchive(of: bytes)
    } catch {
      throw .malformedTorchFile(path: path, reason: error.reason)
    }
  }

  /// The tensors of the dictionary that a pickle stands for, with their names.
  private static func tensors(_ pickle: UnsafeRawBufferPointer, path: String)
    throws(CheckpointError) -> [(name: String, view: TorchView)]
  {
    guard pickle.count <= longestPickle else {
      throw .malformedTorchFile(
        path: path, reason: "its pickle is longer than \(longestPickle) bytes")
    }
    var machine = PickleMachine(pickle)
    let value: PickleValue
    do {
      value = try machine.run()
    } catch {
      switch error {
      case .damaged(let reason): throw .malformedTorchFile(path: path, reason: reason)
      case .refused(let request): throw .refusedPickle(path: path, request: request)
      }
    }
    guard case .dictionary(let index) = value else {
      throw .unsuitableTorchFile(path: path, reason: "holds \(value.kind)")
    }
    var tensors: [(name: String, view: TorchView)] = []
    let content = machine.sequences[index]
    for position in stride(from: 0, to: content.count, by: 2) {
      let (key, value) = (content[position], content[position + 1])
      guard case .text(let name) = key else {
        throw .unsuitableTorchFile(path: path, reason: "has \(key.kind) for a name")
      }
      guard case .tensor(let tensor) = value else {
        throw .unsuitableTorchFile(path: path, reason: "holds \(value.kind) as '\(name)'")
      }
      tensors.append((name, machine.tensors[tensor]))
    }
    return tensors
  }
}
