/// A short name that follows from what a run is: 64-bit FNV-1a of its canonical description.
///
/// It tells groups of one plan apart, and protects against nothing.
struct Fingerprint: Hashable, CustomStringConvertible {
  private let hash: UInt64

  init(of spec: RunSpec) {
    // A run without a description is an issue of the plan, which is not carried out.
    let text = (try? spec.canonicalDescription()) ?? spec.name
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    self.hash = hash
  }

  var description: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
