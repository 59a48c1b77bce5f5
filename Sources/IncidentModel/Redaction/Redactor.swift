internal import Synchronization

/// Hides every known secret, in every form it is likely to take, in whatever is about to be written down or shown.
/// In its place stands `[secret:NAME]`.
///
/// Ask it at the last moment before bytes leave: it knows the secrets registered until then.
public final class Redactor: Sendable {
  private struct Known: Hashable {
    let value: String
    let kind: Secret.Kind
  }

  private struct State {
    var known: Set<Known> = []
    var forms: [ByteMatcher.Form] = []
    /// Of a form in `forms`.
    var positions: [[UInt8]: Int] = [:]
    var labels: [[UInt8]] = []
    var names: [String] = []
    var warnings: [String] = []
    /// Built when it is first needed after a change; building takes time in proportion to all forms.
    var matcher: ByteMatcher?

    /// A form that two secrets share keeps the first one's name; hidden anywhere wins over whole tokens.
    mutating func add(_ bytes: [UInt8], label: Int, wholeToken: Bool) {
      let form = ByteMatcher.Form(bytes: bytes, label: label, wholeToken: wholeToken)
      if let known = positions[bytes] {
        if forms[known].wholeToken, !wholeToken { forms[known] = form }
        return
      }
      positions[bytes] = forms.count
      forms.append(form)
    }
  }

  private let state = Mutex(State())

  public init() {}

  /// Hides this secret from now on. Registering a secret again changes nothing.
  public func register(_ secret: Secret) {
    let known = secret.reveal { Known(value: $0, kind: secret.kind) }
    state.withLock { state in
      guard state.known.insert(known).inserted else { return }
      let forms = SecretForms(of: secret)
      state.warnings += forms.warnings
      let label = state.names.count
      state.names.append(secret.name)
      state.labels.append(Self.label(for: secret.name))
      for bytes in forms.anywhere { state.add(bytes, label: label, wholeToken: false) }
      for bytes in forms.wholeTokens { state.add(bytes, label: label, wholeToken: true) }
      state.matcher = nil
    }
  }

  /// True while nothing needs hiding; then everything passes unchanged and at no cost.
  public var isEmpty: Bool { state.withLock { $0.forms.isEmpty } }

  /// What could not be hidden well, one sentence each, without values.
  public var warnings: [String] { state.withLock { $0.warnings } }

  /// The text with every secret replaced. An unchanged text is returned as it is.
  public func redact(_ text: String) -> String {
    guard let matcher else { return text }
    var text = text
    let isClean = text.withUTF8 { Self.regions(in: $0, matcher).found.isEmpty }
    return isClean ? text : String(decoding: redact(Array(text.utf8)), as: UTF8.self)
  }

  /// The bytes with every secret replaced.
  public func redact(_ bytes: [UInt8]) -> [UInt8] {
    guard matcher != nil else { return bytes }
    var stream = stream()
    return stream.push(bytes) + stream.finish()
  }

  /// The name of a secret that occurs in the text in any form, to refuse the text as a whole: an argument of a program,
  /// which everybody on the machine can read.
  public func secretName(in text: String) -> String? {
    guard let matcher else { return nil }
    var text = text
    guard let first = text.withUTF8({ Self.regions(in: $0, matcher).found.first }) else { return nil }
    return state.withLock { $0.names[first.label] }
  }

  /// For bytes that come in pieces.
  public func stream() -> RedactingStream { RedactingStream(self) }

  var matcher: ByteMatcher? {
    state.withLock { state in
      if state.matcher == nil, !state.forms.isEmpty { state.matcher = ByteMatcher(state.forms, labels: state.labels) }
      return state.matcher
    }
  }

  private static func regions(in bytes: UnsafeBufferPointer<UInt8>, _ matcher: ByteMatcher) -> SecretRegions {
    var regions = SecretRegions(matcher)
    regions.read(bytes, from: 0, after: nil)
    regions.finish()
    return regions
  }

  /// Names are paths at times; the label must not break the JSON or the line that it lands in.
  private static func label(for name: String) -> [UInt8] {
    let safe = name.utf8.map { byte in
      let isPlain = (0x21...0x7E).contains(byte) && !"\"\\[]<>&`".utf8.contains(byte)
      return isPlain ? byte : UInt8(ascii: "_")
    }
    return Array("[secret:".utf8) + safe + Array("]".utf8)
  }
}
