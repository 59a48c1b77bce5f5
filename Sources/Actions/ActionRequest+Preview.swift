public import IncidentModel

/// The action in the words that a dry run, a confirmation and the journal all show. Touches nothing. Secret
/// values are not in it; what is secret only by value is hidden by whoever writes the lines down.
extension ActionRequest {
  public var preview: [String] {
    switch self {
    case .sql(let request): request.preview
    case .http(let request): request.preview
    case .command(let request): request.preview
    }
  }
}

extension SQLRequest {
  var preview: [String] {
    var lines = ["on \(connection): \(statement.trimmed)"]
    for (index, value) in bindings.enumerated() { lines.append("$\(index + 1) = \(value.literalText)") }
    if let expectedRows { lines.append("expects \(expectedRows), else it is rolled back") }
    return lines
  }
}

extension HTTPRequest {
  var preview: [String] {
    let address =
      switch base {
      case .open(let url): url
      case .hidden(let secret): "[secret:\(secret.name)]"
      }
    let query = query.isEmpty ? "" : "?" + query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    var lines = ["\(method) \(address)\(path)\(query)"]
    if bearer != nil { lines.append("Authorization: Bearer (hidden)") }
    lines += headers.map { "\($0.name): \($0.value)" }
    switch body {
    case .none: break
    case .json(let value): lines.append(value.jsonText)
    case .text(let text): lines.append(text)
    }
    return lines
  }
}

extension CommandRequest {
  var preview: [String] {
    var lines: [String]
    switch program {
    case .arguments(let arguments): lines = [arguments.map(\.quotedForShell).joined(separator: " ")]
    case .script(let script): lines = script.trimmed.split(separator: "\n").map(String.init)
    }
    lines += environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    lines += secretEnvironment.keys.sorted().map { "\($0)=(hidden)" }
    return lines
  }
}

extension Value {
  /// Text in quotes, so that `false` the text and `false` the bool look different.
  fileprivate var literalText: String {
    if case .text(let text) = self { "'\(text)'" } else { displayText }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
