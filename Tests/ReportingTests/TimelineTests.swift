import Foundation
import IncidentModel
import Reporting
import Testing

@Suite struct TimelineTests {
  private func rows(_ story: Story, everything: Bool = false) throws -> [[String: Any]] {
    let json = try object(try TimelineReport(try story.file(), everything: everything).json())
    return try #require(json["timeline"] as? [[String: Any]])
  }

  private func row(_ text: String, in story: Story) throws -> [String: Any] {
    try #require(try rows(story).first { ($0["event"] as? String)?.contains(text) == true }, "no row says '\(text)'")
  }

  @Test(
    "whatever people do in an incident has its line",
    arguments: [
      "Incident is now called “Somebody is in the till, and in the safe”", "lee is lead: dana drives",
      "NOT reached: Technical Lead (+44 20 0000): asleep", "Severity changed from P0 to P1: only the till",
      "Follow-up 1: Change the locks (ana, due 2031-05-14 04:13)", "Follow-up 2: Count the money (nobody has it yet)",
      "RUN-1 handed over to lee: dana goes home", "RUN-1 taken up by process 77 on ops2",
      "Tell the neighbours: answered true; ticked 2; 12 bytes, SHA-256 cccc",
      "Close the till: rolled back by open-till",
    ])
  func people(line: String) throws {
    #expect(try row(line, in: .worstNight())["kind"] != nil)
  }

  @Test("what people said or decided can be told from what happened by itself")
  func automatic() throws {
    let story = Story.worstNight()
    for (text, isAutomatic) in [
      ("ACKNOWLEDGED", true), ("Close the till: ok", true), ("Target contain met", true), ("waits for", true),
      ("wallet of the thief", false), ("Severity changed", false), ("answered true", false), ("handed over", false),
    ] { #expect(try row(text, in: story)["automatic"] as? Bool == isAutomatic, "\(text)") }
    let text = TimelineReport(try story.file()).text()
    #expect(text.contains(/Target contain met: .* auto +#\d+\n/))
    #expect(text.contains(/wallet of the thief is known .* dana@ops1 +#\d+\n/))
  }

  @Test("a star puts any entry into the story, and the last word on it counts")
  func stars() throws {
    var story = Story.badNight()
    let reading: Int64 = 7
    #expect(try rows(story).allSatisfy { $0["entry"] as? Int64 != reading })
    story.add(.entryStarred(EntryStar(entry: reading, starred: true)))
    let starred = try #require(try rows(story).first { $0["entry"] as? Int == Int(reading) })
    #expect(starred["starred"] as? Bool == true)
    #expect(starred["event"] as? String == #"Close the till: check verified, read {"open":"no"}"#)
    story.add(.entryStarred(EntryStar(entry: reading, starred: false)))
    #expect(try rows(story).allSatisfy { $0["entry"] as? Int != Int(reading) })
    let milestone = try row("ACKNOWLEDGED", in: story)
    #expect(milestone["starred"] as? Bool == true)
    story.add(.entryStarred(EntryStar(entry: Int64(try #require(milestone["entry"] as? Int)), starred: false)))
    #expect(try row("ACKNOWLEDGED", in: story)["starred"] as? Bool == false)
  }

  @Test("--all leaves no entry out, and without it the text says how many there are more")
  func everything() throws {
    let story = Story.worstNight()
    #expect(try rows(story, everything: true).count == story.entries.count)
    let shown = try rows(story).count
    let left = story.entries.count - shown
    #expect(left > 0)
    #expect(TimelineReport(try story.file()).text().contains("andon timeline show INC-1 --all  \(left) more"))
    #expect(!TimelineReport(try story.file(), everything: true).text().contains("--all"))
  }

  @Test("a line has the time, what the clock said, a star, the event, who, and the number of its entry")
  func columns() throws {
    var story = Story()
    story.open()
    story.add(.noted(Note(text: "the lights went out", happened: nil, starred: true)))
    let text = TimelineReport(try story.file()).text(TextOptions(width: 80))
    #expect(text.contains(/\n  03:13:54  T\+00:44  \* the lights went out +dana@ops1  #4/))
    let narrow = TimelineReport(try story.file()).text(TextOptions(width: 40))
    #expect(narrow.contains("\n  03:13:54  T+00:44  *  dana@ops1  #4\n    the lights went out"))
  }

  @Test("a story of more than one day names each day")
  func days() throws {
    var story = Story.badNight()
    story.wait(86_400_000)
    story.add(.noted(Note(text: "the thief came back", happened: nil, starred: false)))
    let text = TimelineReport(try story.file()).text()
    #expect(text.contains("\n2031-05-14\n") && text.contains("\n2031-05-15\n"))
  }

  @Test("CSV keeps every field in its place, quotes what it must, and holds no formula")
  func csv() throws {
    var story = Story()
    story.open()
    for text in ["=1+1", "+1", "-1", "@sum", "\tx", "a,b", "say \"hi\"", "\"\u{301}quoted", "two\nlines", "plain"] {
      story.add(.noted(Note(text: text, happened: nil, starred: false)))
    }
    let csv = TimelineReport(try story.file()).csv
    for cell in [
      ",'=1+1,", ",'+1,", ",'-1,", ",'@sum,", ",'\tx,", ",\"a,b\",", ",\"say \"\"hi\"\"\",", ",\"\"\"\u{301}quoted\",",
      ",\"two\nlines\",", ",plain,",
    ] { #expect(csv.unicodeScalars.split(separator: cell.unicodeScalars).count == 2, "\(cell) in \(csv)") }
    let lines = csv.components(separatedBy: "\r\n")
    #expect(lines.last == "" && lines.count == 1 + story.entries.count + 1)
    #expect(lines[0].hasPrefix("time,since_detected,event,by,automatic,starred,"))
  }

  @Test("Markdown is one table; a chart of an incident without steps is refused with what to take instead")
  func otherForms() throws {
    let markdown = TimelineReport(try Story.badNight().file()).markdown
    #expect(markdown.hasPrefix("# Timeline of INC-1: Somebody is in the till\n"))
    #expect(markdown.contains("| 03:13:58 | T+00:48 | Close the till: ok, verified | _auto_ | 8 |"))
    #expect(try TimelineReport(try Story.badNight().file()).mermaid().hasPrefix("gantt\n"))
    var empty = Story()
    empty.open()
    let problem = #expect(throws: Problem.self) { try TimelineReport(try empty.file()).mermaid() }
    #expect(problem?.advice?.contains("--format md") == true)
  }
}
