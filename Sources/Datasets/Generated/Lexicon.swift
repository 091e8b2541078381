/// The words of the generated language: a few hundred, each with what it means for the tasks.
enum Lexicon {
  /// People called by their names.
  static let names = words(
    """
    anna tom maria peter lucy david nina oscar julia simon clara henry emma paul sara leo alice
    martin irene victor rosa felix ella hugo marta adam vera max laura ivan ruth carl dora erik
    gina lena noah olga ralph jane
    """)

  /// People called by what they do.
  static let roles = words(
    """
    baker pilot doctor farmer teacher singer painter lawyer nurse sailor driver guard judge writer
    dancer soldier priest tailor barber clerk miner hunter gardener student
    """)

  /// Things, in kinds: every thing belongs to exactly one.
  static let kinds: [Kind] = [
    Kind("fruit", "apple pear plum peach lemon melon"),
    Kind("animal", "dog cat horse goat rabbit parrot"),
    Kind("tool", "hammer saw drill spade axe rake"),
    Kind("vehicle", "car bus truck van bike boat"),
    Kind("garment", "coat shirt hat scarf dress jacket"),
    Kind("instrument", "piano violin drum flute guitar trumpet"),
    Kind("dish", "pie stew salad pizza sandwich omelette"),
    Kind("toy", "doll kite puzzle robot marble puppet"),
  ]

  /// Every thing of every kind.
  static let things = kinds.flatMap(\.members)

  /// The kind that a thing belongs to; `nil` for a word that is no thing.
  static func kind(of thing: String) -> String? {
    kinds.first { $0.members.contains(thing) }?.name
  }

  static let places = [
    "in the market", "in the garden", "in the kitchen", "at the station", "at the harbour",
    "in the park", "in the library", "at the airport", "in the village", "in the forest",
    "at the beach", "on the bridge", "at the castle", "in the office", "on the farm",
    "in the cellar",
  ]

  static let times = [
    "yesterday", "last week", "last night", "this morning", "on monday", "on friday", "in spring",
    "in winter",
  ]

  /// What one does to things; two neighbours with one meaning are synonyms.
  static let deeds: [Verb] = [
    Verb("buy", "bought", "bought", means: "buy"), Verb("purchase", means: "buy"),
    Verb("find", "found", "found", means: "find"), Verb("discover", means: "find"),
    Verb("fix", means: "fix"), Verb("repair", means: "fix"),
    Verb("clean", means: "clean"), Verb("wash", means: "clean"),
    Verb("take", "took", "taken", means: "take"), Verb("grab", "grabbed", means: "take"),
    Verb("break", "broke", "broken", means: "break"), Verb("smash", means: "break"),
    Verb("hide", "hid", "hidden", means: "hide"), Verb("conceal", means: "hide"),
    Verb("carry", "carried", means: "carry"), Verb("haul", means: "carry"),
    Verb("watch", means: "watch"), Verb("observe", means: "watch"),
    Verb("draw", "drew", "drawn", means: "draw"), Verb("sketch", means: "draw"),
    Verb("lose", "lost", "lost", means: "lose"), Verb("misplace", means: "lose"),
    Verb("choose", "chose", "chosen", means: "choose"), Verb("select", means: "choose"),
  ]

  /// What people do to each other.
  static let dealings: [Verb] = [
    Verb("help", means: "help"), Verb("assist", means: "help"),
    Verb("call", means: "call"), Verb("phone", means: "call"),
    Verb("greet", means: "greet"), Verb("welcome", means: "greet"),
    Verb("follow", means: "follow"), Verb("trail", means: "follow"),
    Verb("blame", means: "blame"), Verb("accuse", means: "blame"),
    Verb("trick", means: "trick"), Verb("fool", means: "trick"),
  ]

  /// What opinions are about, in topics.
  static let topics: [Kind] = [
    Kind("food", "soup bread cheese sauce dinner waiter dessert menu"),
    Kind("film", "film plot actor scene script ending director trailer"),
    Kind("travel", "hotel room flight trip hostel guide tour ferry"),
    Kind("music", "song concert band album melody choir tune orchestra"),
    Kind("sport", "match coach goal team race player stadium referee"),
    Kind("tech", "phone laptop screen camera battery keyboard printer speaker"),
  ]

  static let praise = words(
    """
    great good lovely superb brilliant pleasant wonderful charming excellent delightful perfect
    fine amazing splendid impressive nice fantastic remarkable enjoyable clever elegant smooth
    reliable beautiful
    """)

  static let blame = words(
    """
    bad awful poor dreadful boring terrible horrible dull nasty weak ugly rotten disappointing
    cheap lousy annoying dismal tedious clumsy shabby bland messy mediocre painful
    """)

  static let liking = words("loved liked enjoyed admired adored praised recommended")
  static let disliking = words("hated disliked despised regretted criticised avoided detested")
  static let degrees = words("very really quite truly extremely rather so")
  static let digits = words("0 1 2 3 4 5 6 7 8 9")

  private static func words(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// A word and the words that fall under it.
  struct Kind: Hashable, Sendable {
    var name: String
    var members: [String]

    init(_ name: String, _ members: String) {
      self.name = name
      self.members = Lexicon.words(members)
    }
  }
}
