internal import Foundation
public import IncidentModel

/// A spool read back, from one file or from all it was spread over: what is whole, what is missing, what does not hold.
public struct SpoolStory: Sendable {
  public let id: String
  public let paths: [String]
  /// The journal's head that it followed; `nil`: it was not known.
  public let follows: JournalHead?
  /// The good records, in order.
  public let events: [Event]
  /// Numbers that should be there and are not: `4`, `7-9`.
  public let missing: [String]
  /// Bytes that were no record, told for people.
  public let damage: [String]
  /// The number of the first record that was changed since it was written; `nil`: none was.
  public let altered: Int64?

  /// Every spool in these files, and the files that hold something without the heading that a spool begins with. Files
  /// that hold nothing are passed over.
  public static func all(in paths: [String]) throws(JournalError) -> (spools: [SpoolStory], headless: [String]) {
    var pieces: [String: [SpoolPiece]] = [:]
    var headless: [String] = []
    for path in paths {
      let bytes = try SpoolPiece.read(path)
      if let piece = SpoolPiece(bytes, of: path) {
        pieces[piece.heading.spool, default: []].append(piece)
      } else if bytes.contains(where: { $0 != 0 }) {
        headless.append(path)
      }
    }
    let spools = pieces.values.map(SpoolStory.init).sorted {
      ($0.events.first?.at.milliseconds ?? 0, $0.id) < ($1.events.first?.at.milliseconds ?? 0, $1.id)
    }
    return (spools, headless)
  }

  /// - Parameter pieces: of one spool; at least one.
  private init(_ pieces: [SpoolPiece]) {
    let heading = pieces[0].heading
    id = heading.spool
    paths = pieces.map(\.path)
    follows = heading.follows.flatMap(JournalHead.init)
    var altered = pieces.contains { $0.heading != heading } ? Int64(0) : nil
    var frames: [Int64: SpoolFrame] = [:]
    for frame in pieces.flatMap(\.frames) {
      // A place that was given up may have taken it all the same: the same record twice is one.
      if let other = frames[frame.number], other != frame { altered = altered ?? frame.number }
      frames[frame.number] = frame
    }
    var (events, gaps) = ([Event](), [ClosedRange<Int64>]())
    var before: SpoolFrame? = pieces[0].headingFrame
    for (number, frame) in frames.sorted(by: { $0.key < $1.key }) where number > 0 {
      let expected = (before?.number ?? 0) + 1
      if number > expected {
        gaps.append(expected...(number - 1))
      } else if frame.previous != before?.hash {
        altered = altered ?? number
      }
      before = frame
      if let event = try? EventCoding.decode(frame.body) { events.append(event) } else { altered = altered ?? number }
    }
    self.events = events
    missing = gaps.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    damage = pieces.flatMap(\.damage)
    self.altered = altered
  }
}

/// What one file holds.
struct SpoolPiece {
  let path: String
  let heading: SpoolHeading
  let headingFrame: SpoolFrame
  let frames: [SpoolFrame]
  let damage: [String]

  private static let longestFile = 64 << 20

  static func read(_ path: String) throws(JournalError) -> [UInt8] {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      return [UInt8](try file.read(upToCount: longestFile) ?? Data())
    } catch { throw .cannotRead(path, reason(error)) }
  }

  /// `nil` when it holds no spool.
  init?(_ bytes: [UInt8], of path: String) {
    self.path = path
    var (frames, damage, place) = ([SpoolFrame](), [String](), 0)
    // Behind the last record a file that had its space beforehand holds zeros.
    while let start = bytes[place...].firstIndex(where: { $0 != 0 }) {
      if let (frame, length) = SpoolFrame.read(bytes[start...]) {
        frames.append(frame)
        place = start + length
      } else {
        let next = SpoolFrame.nextMark(in: bytes[start...]) ?? bytes.count
        damage.append("\(path): bytes \(start) to \(next - 1) are not a whole record")
        place = next
      }
    }
    guard let first = frames.first, first.number == 0,
      let heading = try? JSONDecoder().decode(SpoolHeading.self, from: Data(first.body)), heading.format == 1
    else { return nil }
    self.heading = heading
    headingFrame = first
    self.frames = frames
    self.damage = damage
  }
}
