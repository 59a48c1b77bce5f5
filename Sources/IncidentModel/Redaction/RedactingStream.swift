/// Redacts bytes that come in pieces as if they had come at once: a secret split over two pieces does not leak.
///
/// What may be the beginning of a secret is held back until the next piece or the end shows what it is; everything else
/// goes through at once. Secrets that become known on the way are hidden from the next piece on.
public struct RedactingStream: Sendable {
  private let redactor: Redactor
  private var regions: SecretRegions?
  private var held: [UInt8] = []
  /// The byte before `held`.
  private var previous: UInt8?

  init(_ redactor: Redactor) { self.redactor = redactor }

  /// What can be shown after these bytes came in.
  public mutating func push(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { push($0) }
  }

  /// What can be shown after these bytes came in.
  public mutating func push(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    guard let matcher = redactor.matcher else {
      previous = bytes.last
      return Array(bytes)
    }
    var alreadyRead = held.count
    if regions?.matcher !== matcher {
      // What was held back may be the beginning of a secret that was not known then.
      regions = SecretRegions(matcher, resuming: regions)
      alreadyRead = 0
    }
    guard !held.isEmpty else { return bytes.withMemoryRebound(to: UInt8.self) { read($0, from: 0) } }
    var window = held
    window.append(contentsOf: bytes)
    return window.withUnsafeBufferPointer { read($0, from: alreadyRead) }
  }

  /// What was held back. The stream can be used again from its beginning.
  public mutating func finish() -> [UInt8] {
    guard var regions else { return [] }
    regions.finish()
    let rest = held
    let shown = rest.withUnsafeBufferPointer { Self.show($0, upTo: rest.count, regions) }
    (self.regions, held, previous) = (nil, [], nil)
    return shown
  }

  private mutating func read(_ window: UnsafeBufferPointer<UInt8>, from start: Int) -> [UInt8] {
    guard var regions else { return Array(window) }
    regions.read(window, from: start, after: previous)
    let settled = regions.settled(of: window.count)
    let shown = Self.show(window, upTo: settled, regions)
    regions.drop(settled)
    if settled > 0 { previous = window[settled - 1] }
    held = Array(window[settled...])
    self.regions = regions
    return shown
  }

  /// The first `end` bytes, with every region replaced that ends in them.
  private static func show(
    _ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int, _ regions: SecretRegions
  ) -> [UInt8] {
    if regions.found.isEmpty { return Array(bytes[..<end]) }
    var shown: [UInt8] = []
    shown.reserveCapacity(end)
    var position = 0
    for region in regions.found where region.start < end {
      // A region may have begun in an earlier piece.
      if region.start > position { shown += bytes[position..<region.start] }
      if region.end <= end { shown += regions.matcher.labels[region.label] }
      position = min(region.end, end)
    }
    return shown + bytes[position..<end]
  }
}
