/// The operations of a pickle that a dictionary of tensors needs (Python's `pickletools`).
enum PickleOpcode: UInt8 {
  case proto = 0x80
  case frame = 0x95
  case stop = 0x2e
  case mark = 0x28
  case none = 0x4e
  case newTrue = 0x88
  case newFalse = 0x89
  case byte = 0x4b
  case twoBytes = 0x4d
  case fourBytes = 0x4a
  case long = 0x8a
  case float = 0x47
  case shortText = 0x8c
  case text = 0x58
  case longText = 0x8d
  case emptyTuple = 0x29
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case tuple = 0x74
  case emptyList = 0x5d
  case append = 0x61
  case appends = 0x65
  case emptyDictionary = 0x7d
  case setItem = 0x73
  case setItems = 0x75
  case global = 0x63
  case stackGlobal = 0x93
  case persistentID = 0x51
  case reduce = 0x52
  case build = 0x62
  case put = 0x71
  case longPut = 0x72
  case memoize = 0x94
  case get = 0x68
  case longGet = 0x6a

  /// What Python calls an operation that is not among them.
  static func refusedName(_ byte: UInt8) -> String {
    let names: [UInt8: String] = [
      0x69: "INST", 0x6f: "OBJ", 0x81: "NEWOBJ", 0x92: "NEWOBJ_EX", 0x82: "EXT1", 0x83: "EXT2",
      0x84: "EXT4", 0x50: "PERSID", 0x43: "SHORT_BINBYTES", 0x42: "BINBYTES",
      0x8e: "BINBYTES8", 0x96: "BYTEARRAY8", 0x55: "SHORT_BINSTRING", 0x54: "BINSTRING",
      0x53: "STRING", 0x56: "UNICODE", 0x49: "INT", 0x4c: "LONG", 0x46: "FLOAT", 0x8b: "LONG4",
      0x6c: "LIST", 0x64: "DICT", 0x8f: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET",
      0x30: "POP", 0x31: "POP_MARK", 0x32: "DUP", 0x67: "GET", 0x70: "PUT",
      0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
    ]
    return names[byte] ?? "0x" + String(byte, radix: 16)
  }
}
