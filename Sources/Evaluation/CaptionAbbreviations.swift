/// The abbreviations whose full stop belongs to them, beside single letters.
enum CaptionAbbreviations {
  static func contains(_ word: String) -> Bool { known.contains(word) }

  private static let known = Set(words.split(whereSeparator: \.isWhitespace).map(String.init))
}

/// Titles, months and days, places, American states, firms, and the rest: what the Penn Treebank
/// tokenizer of the COCO captions keeps whole.
private let words = """
  mr mrs ms mme messrs esq dr drs prof rev hon st jr sr ph.d gov sen rep reps pres capt col maj gen
  lt sgt cmdr cpl pvt adm supt atty attys
  jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri
  ave blvd rd rt sq ste bldg mt ft
  ala ariz calif colo conn ct fla ga ind kan ky md mich minn mo mont neb nev okla
  penn tenn va vt wis wyo
  assn bros cie co corp dept elec est inc intl ltd mfg natl plc univ al cf etc ext tel vs
  """
