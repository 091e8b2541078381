import Evaluation
import Testing

/// Expected words are those of Stanford's tokenizer 3.4.1 with the COCO captions' settings.
@Suite struct CaptionTokenizerTests {
  @Test(
    "captions split as the reference tokenizer splits them",
    arguments: [
      ("A man's dog isn't here.", "a man 's dog is n't here"),
      ("I'm sure they've won't, can't we'll he'd", "i 'm sure they 've wo n't ca n't we 'll he 'd"),
      ("two dogs' toys, \"quoted\" and 'quoted'", "two dogs toys quoted and quoted"),
      ("A (red) [x] {y} bus", "a -lrb- red -rrb- -lsb- x -rsb- -lcb- y -rcb- bus"),
      (
        "a well-known 10-year-old on-off - switch -- here",
        "a well-known 10-year-old on-off switch here"
      ),
      (
        "3,000.50 cats at 10:30 and 9:00pm, 1/2 of 50%",
        "3,000.50 cats at 10:30 and 9:00 pm 1/2 of 50 %"
      ),
      ("$5.00 for #1 & #tag", "$ 5.00 for # 1 & #tag"),
      ("wait... what?! wow!!! so?", "wait what ?! wow !!! so"),
      (
        "On Main St. near St. Mary's at 5 a.m. in the U.S.",
        "on main st. near st. mary 's at 5 a.m. in the u.s."
      ),
      ("a sign that says no. and then No. 5.", "a sign that says no and then no. 5"),
      ("dog,cat;mouse:bird", "dog cat mouse bird"),
      ("A street.A car and/or bus", "a street.a car and/or bus"),
      (
        "five o'clock, ma'am, hors d'oeuvres, rock'n'roll",
        "five o'clock ma'am hors d'oeuvres rock 'n' roll"
      ),
      ("in the '90s and the 1990's", "in the '90s and the 1990 's"),
      ("he cannot and she's gonna", "he can not and she 's gon na"),
      ("“A” café — isn’t it…", "a café is n't it"),
      ("A&W and a&b", "a&w and a & b"),
      ("a letter K.", "a letter k"),
      ("y'all 'em 'twas", "y' all 'em 't was"),
      ("", ""), (" . ", ""),
    ])
  func words(_ caption: String, _ expected: String) {
    #expect(CaptionTokenizer.words(caption).joined(separator: " ") == expected)
    #expect(CaptionWords.tokenized(caption) == CaptionTokenizer.words(caption))
  }

  @Test("tokenised captions are split at white space and left as they are")
  func pretokenized() {
    #expect(CaptionWords.pretokenized(" A  dog 's\tbed . ") == ["A", "dog", "'s", "bed", "."])
  }
}
