internal import Foundation
internal import IncidentModel

/// The path of a route: literal segments and `{names}`.
struct PathPattern: Sendable, Hashable {
  enum Segment: Sendable, Hashable {
    case literal(String)
    case name(String)
  }

  let source: String
  let segments: [Segment]

  init(_ node: DefinitionNode) throws(Problem) {
    source = try node.text()
    guard source.hasPrefix("/") else { throw Problem("\(node.path) must begin with '/', but is '\(source)'") }
    segments = source.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      $0.count > 2 && $0.hasPrefix("{") && $0.hasSuffix("}")
        ? .name(String($0.dropFirst().dropLast())) : .literal(String($0))
    }
  }

  var names: [String] {
    segments.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// What the names stand for in `path`, percent-decoded; `nil` if the path is another one.
  func match(_ path: String) -> [String: Value]? {
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == segments.count else { return nil }
    var values: [String: Value] = [:]
    for (segment, part) in zip(segments, parts) {
      guard let text = String(part).removingPercentEncoding else { return nil }
      switch segment {
      case .literal(let literal): if literal != text { return nil }
      case .name(let name):
        if text.isEmpty { return nil }
        values[name] = .text(text)
      }
    }
    return values
  }

  /// True when both match the same paths, whatever the names are called.
  func hasSameShape(as other: PathPattern) -> Bool {
    segments.count == other.segments.count
      && zip(segments, other.segments).allSatisfy {
        switch ($0, $1) {
        case (.name, .name): true
        case (.literal(let left), .literal(let right)): left == right
        default: false
        }
      }
  }
}
