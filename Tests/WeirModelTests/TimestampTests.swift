import Testing
import WeirModel

@Test func randomMomentsArePrintedAsTheLibraryPrintsThem() {
  var random = Seeded(5)
  for round in 0..<50_000 {
    let seconds = Int64.random(in: -9_223_372_036...9_223_372_035, using: &random)
    let nanoseconds = Int64.random(in: 0..<1_000_000_000, using: &random)
    let moment = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    #expect(
      moment.description == libraryDate(seconds, microseconds: nanoseconds / 1000),
      "seed 5, round \(round)")
    #expect(moment.seconds == seconds, "seed 5, round \(round)")
  }
}

@Test func everyDayIsPrintedAsTheLibraryPrintsIt() {
  // 1677-09-22 to 2262-04-11, all that can be said.
  for day in Int64(-106_751)...106_751 {
    let seconds = day * 86_400
    let text = Timestamp(seconds: seconds, nanoseconds: 0).description
    #expect(text == libraryDate(seconds, microseconds: 0))
  }
}

@Test(arguments: [
  (Int64(0), "1970-01-01T00:00:00.000000Z"),
  (-1, "1969-12-31T23:59:59.999999Z"),
  (Int64.max, "2262-04-11T23:47:16.854775Z"),
  (Int64.min, "1677-09-21T00:12:43.145224Z"),
])
func theEdgesOfTimeArePrinted(nanoseconds: Int64, text: String) {
  #expect(Timestamp(nanoseconds: nanoseconds).description == text)
}

@Test func momentsThatCannotBeSaidAreClamped() {
  #expect(Timestamp(seconds: .max, nanoseconds: 0).nanoseconds == .max)
  #expect(Timestamp(seconds: .min, nanoseconds: 0).nanoseconds == .min)
  #expect(Timestamp(seconds: 9_223_372_036, nanoseconds: 999_999_999).nanoseconds == .max)
  #expect(Timestamp(seconds: -9_223_372_037, nanoseconds: 145_224_193).seconds == -9_223_372_037)
}
