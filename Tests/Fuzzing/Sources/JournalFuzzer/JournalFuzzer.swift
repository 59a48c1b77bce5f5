import Crypto
import Foundation
import IncidentModel
import Journaling

private let path: String = {
  let folder = "/dev/shm/andon-fuzz-\(getpid())"
  try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  atexit { try? FileManager.default.removeItem(atPath: "/dev/shm/andon-fuzz-\(getpid())") }
  return folder + "/journal.db"
}()

/// Any bytes as a journal's file are told apart from a whole one without a trap; and what is called whole has a chain
/// that holds when it is computed once more, in another way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  FileManager.default.createFile(atPath: path, contents: Data(bytes: start, count: count))
  guard let verifier = try? JournalVerifier(file: path) else { return 0 }
  let report = verifier.verify(anchors: [])
  switch report.verdict {
  case .unanchored(let count):
    precondition(count == report.head.sequence, "\(report)")
    precondition(chainHolds(to: report.head), "called whole, but it is not: \(report)")
  case .altered(let sequence, let why): precondition(sequence >= 0 && !why.isEmpty, "\(report)")
  case .anchored, .shortened: preconditionFailure("without anchors: \(report)")
  }
  readAll()
  return 0
}

private func chainHolds(to head: JournalHead) -> Bool {
  var (previous, last) = (Data(count: 32), Int64(0))
  guard let reader = try? JournalReader(file: path) else { return false }
  try? reader.forEachEntry { entry in
    var bytes = Data("andon-journal-1\0".utf8)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: entry.sequence >> shift))
    }
    previous = Data(SHA256.hash(data: bytes + previous + entry.body))
    last = entry.sequence
    return previous == Data(entry.hash)
  }
  return last == head.sequence
}

/// What every command does with a journal; errors are welcome, traps are not.
private func readAll() {
  guard let reader = try? JournalReader(file: path) else { return }
  _ = try? reader.head()
  _ = try? reader.entries(after: 0)
  _ = try? reader.entries(of: IncidentID(number: 1))
  _ = try? reader.entries(of: RunID(number: 1))
  _ = try? reader.lifecycle(Set(Fact.Kind.allCases))
}
