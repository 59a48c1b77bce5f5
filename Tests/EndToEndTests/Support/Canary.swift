import Foundation
import Testing

/// A secret, and every form in which it must not turn up.
struct Canary {
  let name: String
  private let forms: [(form: String, bytes: [UInt8])]

  init(_ name: String, _ value: String) {
    self.name = name
    let raw = Array(value.utf8)
    let hex = raw.map { String(format: "%02x", $0) }.joined()
    var forms: [(String, String)] = [
      ("as it is", value), ("in hex", hex), ("in hex", hex.uppercased()),
      ("URL-encoded", value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value),
      ("URL-encoded", value.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? value),
    ]
    // Wherever it stands in what is encoded: of the characters, those that no neighbour has a bit of.
    for shift in 0..<3 {
      let encoded = Data([UInt8](repeating: 0, count: shift) + raw).base64EncodedString()
      let first = (shift * 8 + 5) / 6
      let last = (shift + raw.count) * 8 / 6
      let inner = String(encoded.dropFirst(first).prefix(last - first))
      forms.append(("in base64", inner))
      forms.append(("in base64url", inner.replacing("+", with: "-").replacing("/", with: "_")))
    }
    self.forms = forms.map { ($0.0, Array($0.1.utf8)) }
  }

  /// The first form found in some bytes.
  func form(in bytes: Data) -> String? {
    forms.first { bytes.range(of: Data($0.bytes)) != nil }?.form
  }
}

extension [Canary] {
  func expectAbsent(
    from text: String, _ place: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) { expectAbsent(from: Data(text.utf8), place, sourceLocation: sourceLocation) }

  func expectAbsent(
    from bytes: Data, _ place: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    for canary in self {
      if let form = canary.form(in: bytes) {
        Issue.record("\(canary.name) stands \(form) in \(place)", sourceLocation: sourceLocation)
      }
    }
  }

  /// Looks through every file below a folder.
  func expectAbsent(below folder: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    var count = 0
    for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      count += 1
      expectAbsent(from: try Data(contentsOf: URL(filePath: path)), path, sourceLocation: sourceLocation)
    }
    #expect(count > 0, "nothing was searched", sourceLocation: sourceLocation)
  }
}
