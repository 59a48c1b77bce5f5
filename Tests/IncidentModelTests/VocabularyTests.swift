import Foundation
import IncidentModel
import Testing

@Suite("The words of an incident read and write the same")
struct VocabularyTests {
  @Test(
    "a duration is written in its largest whole unit",
    arguments: [
      ("500ms", "500ms", 500), ("5s", "5s", 5000), ("90s", "90s", 90_000), ("120s", "2m", 120_000),
      ("24h", "1d", 86_400_000),
      ("0ms", "0s", 0), ("1500ms", "1500ms", 1500),
    ])
  func durations(read: String, written: String, milliseconds: Int64) throws {
    let duration = try #require(Duration(playbookText: read))
    #expect(duration.wholeMilliseconds == milliseconds)
    #expect(duration.playbookText == written)
    #expect(Duration(playbookText: written) == duration)
  }

  @Test(
    "what is no duration is not one",
    arguments: [
      "", "5", "s", "5 s", "-5s", "1.5s", "5S", "5sec", "٥s", "99999999999999999999s", "999999999999d",
      "1000000000000000ms", "+5s",
    ])
  func noDurations(text: String) {
    #expect(Duration(playbookText: text) == nil)
  }

  @Test("the longest duration there is can be written and read")
  func longestDuration() throws {
    let duration = try #require(Duration(playbookText: "999999999999999ms"))
    #expect(duration.playbookText == "999999999999999ms")
    #expect(Duration(playbookText: "11574074d")?.playbookText == "11574074d")
    #expect(Duration(playbookText: "11574075d") == nil)
  }

  @Test("a recorded duration reads back, also a negative one")
  func recordedDurations() throws {
    for value in [Value.duration(.seconds(5)), .duration(.milliseconds(-1500)), .list([.duration(.zero)])] {
      #expect(try Value.json(Data(value.jsonText.utf8)) == value)
    }
  }

  @Test("a duration reads as a clock and as words")
  func spoken() {
    #expect(Duration.seconds(300).clockText == "05:00")
    #expect(Duration.seconds(3723).clockText == "1:02:03")
    #expect(Duration.seconds(-61).clockText == "-01:01")
    #expect(Duration.milliseconds(4250).spokenText == "4.2 s")
    #expect(Duration.milliseconds(250).spokenText == "250 ms")
    #expect(Duration.seconds(736).spokenText == "12:16")
  }

  @Test(
    "a number keeps the form it was written in and equals its value", arguments: ["70.10", "1e2", "-0.50", "0", "1E+2"])
  func numbers(text: String) throws {
    let number = try #require(Number(text))
    #expect(number.description == text)
    #expect(number == Number(number.decimal))
    #expect(number.hashValue == Number(number.decimal).hashValue)
  }

  @Test(
    "what JSON does not call a number, or cannot be exact, is none",
    arguments: [
      "", "-", "01", "+1", ".5", "5.", "1e", "0x1", "NaN", "inf", "1_000", "１", "1e999",
      String(repeating: "9", count: 39),
    ])
  func noNumbers(text: String) {
    #expect(Number(text) == nil)
  }

  @Test("numbers compare by value, not by text")
  func numberOrder() throws {
    #expect(try #require(Number("9")) < #require(Number("10")))
    #expect(try #require(Number("1.0")) == #require(Number("1")))
    #expect(try #require(Number("-1e100")) < #require(Number("1e-100")))
    #expect(Number("5.0")?.integer == 5)
    #expect(Number("5.5")?.integer == nil)
    #expect(Number("99999999999999999999")?.integer == nil)
  }

  @Test(
    "a moment is written in UTC to the millisecond and reads back",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000Z"), (1_936_494_834_120, "2031-05-14T03:13:54.120Z"),
      (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
    ])
  func moments(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(text)?.milliseconds == milliseconds)
  }

  @Test(
    "a moment needs a zone, and is read in any",
    arguments: [
      "2031-05-14", "2031-05-14T03:13:54", "soon", "", "2031-13-01T00:00:00.000Z",
      "2031-05-14 03:13:54.000Z",
    ])
  func noMoments(text: String) {
    #expect(Timestamp(text) == nil)
    #expect(Timestamp("2031-05-14T05:13:54+02:00") == Timestamp("2031-05-14T03:13:54Z"))
  }

  @Test("ids read in either case and refuse everything else")
  func ids() {
    #expect(RunID("RUN-107")?.number == 107)
    #expect(IncidentID("inc-42")?.description == "INC-42")
    for text in ["", "RUN", "RUN-", "RUN-0", "RUN--1", "RUN-1-2", "INC-1", "107", "RUN-99999999999999999999"] {
      #expect(RunID(text) == nil, "\(text)")
    }
    #expect(RunID(number: 9) < RunID(number: 10))
  }

  @Test("severities and states order and settle as the words say")
  func words() {
    #expect(Severity.p0 < .p1)
    #expect(StepState.allCases.filter { !$0.isSettled } == [.pending, .running, .waiting])
    #expect(RunPhase.allCases.filter { !$0.isOver } == [.running, .waiting])
  }

  @Test("a secret cannot be printed")
  func secrets() {
    let secret = Secret(name: "TOKEN", value: "hunter2hunter2")
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] { #expect(!text.contains("hunter2")) }
    #expect(secret.reveal { $0 } == "hunter2hunter2")
  }
}
