internal import Foundation

/// A playbook that somebody is about to write: whole, without mistakes, with a TODO wherever only they can know.
struct StartingPlaybook {
  let kind: PlaybookKind
  let id: String

  /// `nil` if a playbook cannot have that id.
  init?(kind: PlaybookKind, id: String) {
    guard id.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil, id.count <= 100 else { return nil }
    self.kind = kind
    self.id = id
  }

  /// `rotate-logs` as `Rotate logs`.
  var name: String {
    let words = id.replacing("-", with: " ").trimmingCharacters(in: .whitespaces)
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// The words to type before something is destroyed: the first word of the id.
  var word: String { id.prefix { $0 != "-" }.uppercased() }

  /// The whole file.
  /// - Parameter schema: the path of the JSON Schema as editors need it, from the folder of the file.
  func text(schema: String) -> String {
    """
    # yaml-language-server: $schema=\(schema)
    # What the keys mean: docs/playbook-reference.md. What is marked TODO, `andon playbook check` lists.
    \(body)

    """
  }

  private var body: String {
    switch kind {
    case .emergency: emergency
    case .monitoring: monitoring
    case .maintenance: maintenance
    case .configuration: configuration
    case .deployment: deployment
    case .incidentResponse: incidentResponse
    }
  }
}
