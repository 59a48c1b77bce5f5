import Foundation
import TestSupport
import Testing

extension Brake {
  /// What has to hold of a kill switch whose disk went bad, whatever it could still write: it stopped what it is to stop
  /// in time, and did nothing else that nobody can read of afterwards. `mend` makes the disk good again.
  /// - Returns: whether it went on with a spool.
  func expectKept(
    _ result: ProgramResult, _ place: String, mend: () -> Void,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws -> Bool {
    let place = "\(place): \(result)"
    #expect([0, 3].contains(result.code), "\(place)", sourceLocation: sourceLocation)
    #expect(try isStopped, "\(place)", sourceLocation: sourceLocation)
    #expect(result.elapsed < .seconds(5), "\(place)", sourceLocation: sourceLocation)
    let isTold = try isTold
    let spools = spools()
    #expect(spools.isEmpty == (result.code == 0), "\(place) \(spools)", sourceLocation: sourceLocation)
    if isTold {
      let isSaid = result.code == 0 || result.stdout.contains("ok       Set API_STATUS")
      #expect(isSaid, "\(place)", sourceLocation: sourceLocation)
    }

    mend()
    if !spools.isEmpty {
      let imported = try await andon("journal", "import-spool")
      #expect(imported.code == 0, "\(place) \(imported)", sourceLocation: sourceLocation)
    }
    let verified = try await andon("journal", "verify")
    #expect([0, 3].contains(verified.code), "\(place) \(verified)", sourceLocation: sourceLocation)
    let entries = try JournalFile(path: "\(variables()["ANDON_STATE"] ?? "")/journal.db").entries.map(\.body)
    func has(_ kind: String, _ step: String) -> Bool {
      entries.contains { $0.contains("\"kind\":\"\(kind)\"") && $0.contains("\"step\":\"\(step)\"") }
    }
    let isKept = has("step.intended", "stop") && has("step.finished", "stop")
    #expect(isKept, "\(place)", sourceLocation: sourceLocation)
    if isTold {
      #expect(has("step.intended", "tell"), "an effect without a record: \(place)", sourceLocation: sourceLocation)
    }
    return !spools.isEmpty
  }
}
