import Crypto
import IncidentModel

/// One output stream of a child on its way through: redacted first, then counted, hashed and kept in part.
struct StreamCapture {
  private var redaction: RedactingStream
  private var hash = SHA256()
  private var kept = HeadAndTail()
  private var line = LastLine()
  /// True until the last writer has closed the stream.
  private(set) var isOpen = true

  init(redactor: Redactor) { redaction = redactor.stream() }

  mutating func take(_ bytes: [UInt8]) { keep(redaction.push(bytes)) }

  mutating func close() {
    isOpen = false
    keep(redaction.finish())
  }

  /// The newest complete line since this was asked last.
  mutating func newestLine() -> String? { line.take() }

  var summary: CapturedStream {
    CapturedStream(
      text: kept.text, lastText: kept.lastText, byteCount: kept.count, bytesLeftOut: kept.leftOut,
      digest: hash.finalize().map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined())
  }

  private mutating func keep(_ clean: [UInt8]) {
    guard !clean.isEmpty else { return }
    hash.update(data: clean)
    line.look(at: clean)
    kept.append(clean)
  }
}

/// What is left of an output stream when it has ended. All of it is what redaction let through.
struct CapturedStream: Sendable {
  let text: String
  let lastText: String
  let byteCount: Int
  let bytesLeftOut: Int
  /// SHA-256 of the whole stream, in lower-case hexadecimal.
  let digest: String

  /// The last lines that say something, for a message.
  func lastLines(_ count: Int) -> [String] {
    lastText.split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
      .suffix(count)
      .map { $0.count > 300 ? "\($0.prefix(300))…" : String($0) }
  }
}
