import Documents
import Testing

@Suite struct NumberFormatTests {
  @Test(
    "fixed decimals round halves away from zero and never print a negative zero",
    arguments: [
      (85.04, 1, "85.0"), (85.06, 1, "85.1"), (0.5, 0, "1"), (-0.04, 1, "0.0"),
      (-1.25, 1, "-1.3"), (99.96, 1, "100.0"), (3, 3, "3.000"), (0.007, 2, "0.01"),
    ] as [(Double, Int, String)])
  func fixed(value: Double, decimals: Int, expected: String) {
    #expect(NumberFormat.fixed(value, decimals) == expected)
  }

  @Test("values beyond any table are still text")
  func extremes() {
    #expect(NumberFormat.fixed(.nan, 1) == "NaN")
    #expect(NumberFormat.fixed(-.infinity, 1) == "-inf")
    #expect(NumberFormat.fixed(1e300, 1) == "1e+300")
    #expect(NumberFormat.duration(.infinity) == "inf")
  }

  @Test(
    "short numbers are as people write them",
    arguments: [
      (0.3, "0.3"), (5e-4, "5e-4"), (3.5e-5, "3.5e-5"), (1, "1"), (40_000, "40000"),
      (0.005, "0.005"), (2.5e8, "2.5e8"), (-0.25, "-0.25"), (0, "0"), (1e-10, "1e-10"),
    ] as [(Double, String)])
  func short(value: Double, expected: String) { #expect(NumberFormat.short(value) == expected) }

  @Test(
    "counts of parameters have three significant digits",
    arguments: [
      (76_800, "76.8k"), (222_903_552, "223M"), (1_855_104, "1.86M"), (231_936, "232k"),
      (999, "999"), (0, "0"), (280_932, "281k"), (999_999, "1M"), (10_468, "10.5k"),
    ])
  func compact(count: Int, expected: String) { #expect(NumberFormat.compact(count) == expected) }

  @Test("bytes, durations and groups of thousands")
  func units() {
    #expect(NumberFormat.bytes(431_000_000) == "411 MiB")
    #expect(NumberFormat.bytes(1_600_000_000) == "1.5 GiB")
    #expect(NumberFormat.bytes(12) == "12 B")
    #expect(NumberFormat.duration(0.417) == "0.42 s")
    #expect(NumberFormat.duration(12.34) == "12.3 s")
    #expect(NumberFormat.duration(59.97) == "1 min 00 s")
    #expect(NumberFormat.duration(245) == "4 min 05 s")
    #expect(NumberFormat.duration(7_800) == "2 h 10 min")
    #expect(NumberFormat.duration(200_000) == "2 d 7 h")
    #expect(NumberFormat.grouped(222_903_552) == "222\u{202F}903\u{202F}552")
    #expect(NumberFormat.grouped(-1_000) == "-1\u{202F}000")
  }
}
