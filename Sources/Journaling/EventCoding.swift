internal import Foundation
internal import IncidentModel

/// Events to the bytes that are stored, and back. Keys are sorted, so the same event is always the same bytes.
enum EventCoding {
  static func encode(_ event: Event) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(event))
  }

  static func decode(_ body: [UInt8]) throws -> Event { try JSONDecoder().decode(Event.self, from: Data(body)) }
}
