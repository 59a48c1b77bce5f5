@testable import IncidentModel

/// Secrets and a text, cut out of the input: how long each secret is, the secrets, how long a piece is, the text.
/// Hidden is exactly what a slow and simple search finds, however the text is cut into pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
  func take(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return taken
  }
  let secrets = (0..<(Int(take(1).first ?? 0) % 4)).map { index in
    let value = String(decoding: take(Int(take(1).first ?? 0) % 24), as: UTF8.self)
    return Secret(name: "S\(index)", kind: value.contains("://") ? .url : .plain, value: value)
  }
  let size = 1 + Int(take(1).first ?? 0)
  let text = Array(rest)
  let redactor = Redactor()
  for secret in secrets { redactor.register(secret) }
  let whole = redactor.redact(text)
  precondition(whole == SlowSearch(secrets).redact(text), "not what a simple search hides")
  var stream = redactor.stream()
  let pieces = stride(from: 0, to: text.count, by: size).flatMap {
    stream.push(Array(text[$0..<min($0 + size, text.count)]))
  }
  precondition(pieces + stream.finish() == whole, "in pieces it is another text")
  return 0
}
