internal import Foundation
public import IncidentModel

/// What a stand-in platform is made of: the `sandbox:` part of an environment file.
///
/// All that is known about the platform stands there; `docs/sandbox.md` describes the keys.
public struct SandboxDefinition: Sendable {
  /// What the stand-in takes the place of, for people.
  public let standsInFor: [String]
  let schemas: (sqlite: DatabaseSchema?, postgres: DatabaseSchema?)
  /// Texts with `$url`, `$sqlite`, `$postgres` and `$token`, by the name of the variable.
  let variables: [String: String]
  let routes: [Route]

  /// Reads the value under `sandbox:`. Paths in it count from `baseDirectory`, the folder of the playbooks.
  public init(_ value: Value, baseDirectory: String) throws(Problem) {
    let node = DefinitionNode(value: value, path: "sandbox")
    try node.allow(["stands_in_for", "database", "variables", "routes"])
    standsInFor = try SandboxDefinition.texts(node.member("stands_in_for"))
    schemas = try SandboxDefinition.schemas(node.required("database"), baseDirectory: baseDirectory)
    variables = try SandboxDefinition.variables(node.member("variables"))
    routes = try SandboxDefinition.routes(node.required("routes"))
  }

  /// One file is SQLite's; a map names one for each database.
  private static func schemas(
    _ node: DefinitionNode, baseDirectory: String
  ) throws(Problem) -> (sqlite: DatabaseSchema?, postgres: DatabaseSchema?) {
    guard case .map = node.value else { return (try DatabaseSchema(node, baseDirectory: baseDirectory), nil) }
    try node.allow(["sqlite", "postgres"])
    func schema(_ key: String) throws(Problem) -> DatabaseSchema? {
      guard let member = node.member(key) else { return nil }
      return try DatabaseSchema(member, baseDirectory: baseDirectory)
    }
    let (sqlite, postgres) = (try schema("sqlite"), try schema("postgres"))
    guard sqlite != nil || postgres != nil else {
      throw Problem("\(node.path) names no file", advice: "Write sqlite: FILE, postgres: FILE, or both.")
    }
    return (sqlite, postgres)
  }

  private static func texts(_ node: DefinitionNode?) throws(Problem) -> [String] {
    var texts: [String] = []
    for item in try node?.items() ?? [] { texts.append(try item.text()) }
    return texts
  }

  private static func variables(_ node: DefinitionNode?) throws(Problem) -> [String: String] {
    var variables: [String: String] = [:]
    for (name, member) in try node?.members() ?? [] { variables[name] = try member.text() }
    return variables
  }

  private static func routes(_ node: DefinitionNode) throws(Problem) -> [Route] {
    var routes: [Route] = []
    for item in try node.items() {
      let route = try Route(item)
      if let twin = routes.first(where: { $0.method == route.method && $0.path.hasSameShape(as: route.path) }) {
        throw Problem("\(route.place) answers \(route.method) \(route.path.source), as \(twin.place) already does")
      }
      routes.append(route)
    }
    return routes
  }
}

/// The SQL that makes the tables and the rows to begin with.
struct DatabaseSchema: Sendable {
  /// As the definition names it.
  let name: String
  let sql: String

  init(_ node: DefinitionNode, baseDirectory: String) throws(Problem) {
    name = try node.text()
    let path = name.hasPrefix("/") ? name : "\(baseDirectory)/\(name)"
    do { sql = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw Problem(
        "\(node.path) names \(path), which cannot be read", advice: "Paths here count from the playbooks folder.")
    }
  }

  /// Changes whenever the text does: a database made from another text is made anew. FNV-1a, folded to
  /// the 31 bits that SQLite's `user_version` can hold; never 0, which is what an empty database has.
  var version: Int32 {
    var hash: UInt32 = 2_166_136_261
    for byte in sql.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int32(max(1, hash >> 1))
  }
}
