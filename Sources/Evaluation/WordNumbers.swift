/// Gives every distinct word a number, from 1 in order of appearance.
struct WordNumbers {
  private var numbers: [String: UInt32] = [:]

  mutating func callAsFunction(_ words: [String]) -> [UInt32] {
    words.map { word in
      if let number = numbers[word] { return number }
      let number = UInt32(numbers.count + 1)
      numbers[word] = number
      return number
    }
  }
}
