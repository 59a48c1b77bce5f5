import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Journaling

@Suite("Spool")
struct SpoolTests {
  private let folder: TemporaryFolder
  private let redactor = Redactor()

  init() throws { folder = try TemporaryFolder() }

  private func event(_ text: String) -> Event {
    Event(
      at: TimeSource.system.read(), actor: "dana", run: .provisional,
      .noted(Note(text: text, happened: nil, starred: false)))
  }

  /// A spool of five records, and its one file.
  private func written() throws -> (entries: [Entry], path: String) {
    let places = SpoolPlaces(stateDirectory: folder.file("state"), chosen: nil)
    let spool = try Spool(places, follows: nil, redactor: redactor, host: "ops1", pid: 7)
    let entries = try spool.append((1...3).map { event("note \($0)") }) + spool.append([event("4"), event("5")])
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder.file("state/spool")).first { $0.hasSuffix(".spool") })
    return (entries, folder.file("state/spool/\(name)"))
  }

  @Test("What was appended is read back, in order and whole")
  func roundTrip() throws {
    let (entries, path) = try written()
    let story = try #require(try SpoolStory.all(in: [path]).spools.first)
    #expect(story.events == entries.map(\.event))
    #expect(story.missing.isEmpty && story.damage.isEmpty && story.altered == nil)
  }

  @Test("Whichever byte rots: no record is invented, and what is gone is said to be")
  func rot() throws {
    let (entries, path) = try written()
    let good = try Data(contentsOf: URL(filePath: path))
    let original = Set(entries.map(\.event))
    let copy = folder.file("rotten.spool")
    for index in good.indices {
      var bad = good
      bad[index] ^= 0x11
      try bad.write(to: URL(filePath: copy))
      guard let story = try SpoolStory.all(in: [copy]).spools.first else { continue }  // its heading is gone: no spool
      #expect(story.altered == nil && story.events.allSatisfy(original.contains), "byte \(index)")
      let isTold = !story.missing.isEmpty || !story.damage.isEmpty
      #expect(story.events.count == entries.count || isTold, "byte \(index)")
    }
  }

  @Test("Cut off anywhere, the records before the cut are read")
  func cut() throws {
    let (entries, path) = try written()
    let good = try Data(contentsOf: URL(filePath: path))
    let copy = folder.file("cut.spool")
    var most = 0
    for length in stride(from: 0, through: good.count, by: 7) {
      try good.prefix(length).write(to: URL(filePath: copy))
      guard let story = try SpoolStory.all(in: [copy]).spools.first else { continue }
      #expect(story.events == entries.prefix(story.events.count).map(\.event) && story.events.count >= most)
      most = story.events.count
    }
    #expect(most >= entries.count - 1)
  }

  @Test("A folder in which others have a say is not used")
  func shared() throws {
    let place = SpoolPlaces.Place(folder: folder.file("open"), isBesideJournal: false)
    #expect(place.prepare() == nil)
    chmod(folder.file("open"), 0o777)
    #expect(place.prepare() != nil)
    symlink(folder.path, folder.file("link"))
    #expect(SpoolPlaces.Place(folder: folder.file("link"), isBesideJournal: false).prepare() != nil)
  }
}
