import Foundation
import IncidentModel
import Journaling
import TestSupport
import Testing

@Suite("Forgeries of whole entries", .timeLimit(.minutes(30)))
struct ForgeryTests {
  /// One forged file, and the folder it lies in with its anchors.
  private struct Case: Sendable {
    let folder: String
    let name: String
    let isAnchored: Bool
    var path: String { "\(folder)/journal.db" }
  }

  private static let promise = "A forged journal never passes for what was written"

  @Test("At every entry, in every way: caught with anchors, never called whole without; Python says the same")
  func everyEntry() async throws {
    let journal = try EvidentJournal()
    let folder = try TemporaryFolder(beneath: "/dev/shm")
    var (cases, missed) = (0, 0)
    var sample: [(path: String, code: Int32)] = []
    for forgery in Forgery.allCases {
      for place in 1...EvidentJournal.count where forgery.isPossible(at: place, of: EvidentJournal.count) {
        let made = try make(journal, folder.file("\(forgery)-\(place)")) { try forgery.apply(to: $0, at: place) }
        let inSample = Figures.isLong || [1, 13, 25, 100, EvidentJournal.count - 1].contains(place)
        for one in made {
          let (code, isCaught) = try check(one, journal)
          cases += 1
          if !isCaught { missed += 1 }
          if inSample {
            sample.append((one.path, code))
          } else {
            try FileManager.default.removeItem(atPath: one.folder)
          }
        }
      }
    }
    for (number, copy) in journal.earlier.enumerated() {
      for one in try make(journal, folder.file("earlier-\(number)"), from: copy, { _ in }) {
        let (code, isCaught) = try check(one, journal)
        sample.append((one.path, code))
        cases += 1
        if !isCaught { missed += 1 }
      }
    }
    let others = Repository.python == nil ? [] : try await SecondVerifier.codes(of: sample.map(\.path))
    #expect(others.isEmpty || others == sample.map(\.code), "the two verifiers disagree")
    #expect(cases > 3500 && missed == 0)
    Figures.record(
      ["forgeries": cases, "not caught": missed, "checked by the second verifier": others.count], promise: Self.promise,
      attack: "delete, swap, insert, duplicate, truncate, re-chain at every entry of 200; roll the file back",
      in: "Tamper evidence")
  }

  /// The same forgery with anchors beside it and without.
  private func make(
    _ journal: EvidentJournal, _ folder: String, from bytes: [UInt8]? = nil, _ forge: (String) throws -> Void
  ) throws -> [Case] {
    try [true, false].map { isAnchored in
      let one = Case(
        folder: folder + (isAnchored ? "-anchored" : ""), name: folder.components(separatedBy: "/").last ?? "",
        isAnchored: isAnchored)
      try FileManager.default.createDirectory(atPath: one.folder, withIntermediateDirectories: true)
      try Data(bytes ?? journal.bytes).write(to: URL(filePath: one.path))
      if isAnchored {
        let lines = journal.anchors.map { "\($0)\n" }.joined()
        try Data(lines.utf8).write(to: URL(filePath: "\(one.folder)/anchors.txt"))
      }
      try forge(one.path)
      return one
    }
  }

  /// What `journal verify` would exit with, and whether that is good enough.
  private func check(_ one: Case, _ journal: EvidentJournal) throws -> (code: Int32, isCaught: Bool) {
    let report = try JournalVerifier(file: one.path).verify(anchors: one.isAnchored ? journal.anchors : [])
    let isCaught =
      switch report.verdict {
      case .altered, .shortened: true
      // Without anchors, all that can be said is that nothing vouches for any of it.
      case .unanchored(let count): !one.isAnchored && count == report.head.sequence
      case .anchored: false
      }
    #expect(isCaught, "\(one.name): \(report)")
    return (SecondVerifier.code(of: report.verdict), isCaught)
  }
}
