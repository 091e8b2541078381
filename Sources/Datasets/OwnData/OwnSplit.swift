/// Fills in the splits that the user's own data leave out, always in the same way.
struct OwnSplit {
  let id: DatasetID

  /// The given parts, and where training data lack validation or test examples, those as well.
  ///
  /// - Throws: `DatasetError.tooFew` where there is not one example for each.
  func complete(_ parts: [Split: Examples]) throws(DatasetError) -> [Split: Examples] {
    guard let train = parts[.train] else { return parts }
    switch (parts[.validation], parts[.test]) {
    case (.some, .some):
      return parts
    case (.some(let held), nil), (nil, .some(let held)):
      return try SplitRule.small.apply(to: id) { $0 == .train ? train : held }
    case (nil, nil):
      guard train.count >= 3 else { throw .tooFew(id, count: train.count, needed: 3) }
      let shuffled = SplitRule.shuffled(train)
      let held = max(1, train.count / 10)
      return [
        .validation: train.selecting(shuffled[..<held]),
        .test: train.selecting(shuffled[held..<(2 * held)]),
        .train: train.selecting(shuffled[(2 * held)...]),
      ]
    }
  }
}
