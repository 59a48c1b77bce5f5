internal import IncidentModel

/// Pages that are looked at and do nothing: every tag and every attribute is one of these, and all else is text.
enum HTML {
  enum Tag: String {
    case a, blockquote, body, br, code, dd, del, details, div, dl, dt, em, h1, h2, h3, h4, h5, h6, hr, html, li, main
    case nav, ol, p, pre, span, strong, summary, table, tbody, td, th, thead, tr, ul
    // Of a drawing.
    case desc, g, line, polygon, rect, svg, text, title

    fileprivate var isVoid: Bool { self == .br || self == .hr }
  }

  /// Made only by what stands below: none of them can hold code, or load anything.
  struct Attribute {
    fileprivate let text: String

    private init(_ name: String, _ value: String) { text = " \(name)=\"\(HTML.text(value))\"" }

    static func style(_ name: String) -> Attribute { Attribute("class", name) }
    static func id(_ name: String) -> Attribute { Attribute("id", name) }
    static func link(_ link: Link) -> Attribute { Attribute("href", link.address) }
    /// To a place of the same page.
    static func anchor(_ id: String) -> Attribute { Attribute("href", "#\(id)") }
    static func label(_ text: String) -> Attribute { Attribute("aria-label", text) }
    static func labelled(by ids: String) -> Attribute { Attribute("aria-labelledby", ids) }
    static func role(_ name: String) -> Attribute { Attribute("role", name) }
    static func scope(_ name: String) -> Attribute { Attribute("scope", name) }
    static func start(_ number: Int) -> Attribute { Attribute("start", String(number)) }
    static func language(_ code: String) -> Attribute { Attribute("lang", code) }
    /// A measure of a drawing.
    static func measure(_ name: Measure, _ value: Double) -> Attribute { Attribute(name.rawValue, value.plainText) }
    static func points(_ points: [(x: Double, y: Double)]) -> Attribute {
      Attribute("points", points.map { "\($0.x.plainText),\($0.y.plainText)" }.joined(separator: " "))
    }
    static func viewBox(width: Double, height: Double) -> Attribute {
      Attribute("viewBox", "0 0 \(width.plainText) \(height.plainText)")
    }
    /// Leaves links without a word about where they were followed from.
    static let noReferrer = Attribute("rel", "noreferrer")
    /// Whoever uses only the keyboard can get there and scroll.
    static let focusable = Attribute("tabindex", "0")
  }

  enum Measure: String { case x, y, x1, x2, y1, y2, width, height }

  /// - Parameter inside: HTML made here; foreign text has gone through `text` before.
  static func element(_ tag: Tag, _ attributes: [Attribute] = [], _ inside: String = "") -> String {
    let begin = "<\(tag.rawValue)\(attributes.map(\.text).joined())>"
    return tag.isVoid ? begin : "\(begin)\(inside)</\(tag.rawValue)>"
  }

  /// Foreign text, between tags or inside an attribute. Looks at bytes, as a browser does: to Swift, a `<` with an
  /// accent on it is another character.
  static func text(_ foreign: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(foreign.utf8.count + 16)
    for byte in foreign.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// An address that a page may lead to when somebody presses it: the web, or a letter.
struct Link: Sendable, Hashable {
  let address: String

  /// `nil` for every other scheme, for none, and for what hides something.
  init?(_ text: String) {
    let address = text.visible
    let isPlain = address.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
    let scheme = address.utf8.prefix(8).map { $0 | 0x20 }
    guard isPlain, ["http://", "https://", "mailto:"].contains(where: { scheme.starts(with: $0.utf8) }) else {
      return nil
    }
    self.address = address
  }
}

extension Double {
  /// With one digit behind the point at most, the same on every machine.
  fileprivate var plainText: String {
    let tenths = Int64((self * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
