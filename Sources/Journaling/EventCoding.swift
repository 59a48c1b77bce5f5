internal import Foundation
internal import IncidentModel

/// Events to the bytes that are stored, and back. Keys are sorted, so the same event is always the same bytes.
enum EventCoding {
  static func encode(_ event: Event) throws -> [UInt8] { Array(try encoder.encode(event)) }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()

  private static let decoder = JSONDecoder()

  /// The bytes that may be kept: secrets hidden, wherever they stand.
  static func encode(_ event: Event, hiding redactor: Redactor) throws -> [UInt8] {
    redactor.redactJSON(
      try encode(event), structuralKeys: Journal.structuralKeys, foreignKeys: Journal.foreignKeys)
  }

  static func decode(_ body: [UInt8]) throws -> Event { try decoder.decode(Event.self, from: Data(body)) }
}
