internal import IncidentModel

/// One path of the stand-in: who may ask, what is refused, what happens in the database, what is answered.
struct Route: Sendable {
  /// An answer given instead, when a query returns no row.
  struct Refusal: Sendable {
    let unless: SQLScript
    let answer: Answer
  }

  struct Answer: Sendable {
    let status: Int
    let body: AnswerTemplate?
  }

  static let methods = ["get", "post", "put", "patch", "delete"]

  /// Where it stands, for messages.
  let place: String
  /// In capitals.
  let method: String
  let path: PathPattern
  let needsBearer: Bool
  /// The script runs once for each member of the JSON body, as `:key` and `:value`.
  let runsForEachMember: Bool
  /// In order; the first that applies answers.
  let refusals: [Refusal]
  let script: SQLScript?
  let answer: Answer

  init(_ node: DefinitionNode) throws(Problem) {
    try node.allow(Route.methods + ["bearer", "each", "refuse", "sql", "status", "json"])
    let given = Route.methods.filter { node.member($0) != nil }
    guard let method = given.first, given.count == 1 else {
      throw Problem("\(node.path) must have exactly one of \(Route.methods.joined(separator: ", "))")
    }
    place = node.path
    self.method = method.uppercased()
    path = try PathPattern(node.required(method))
    needsBearer = try node.member("bearer")?.flag() ?? false
    runsForEachMember = try node.member("each")?.flag() ?? false
    refusals = try Route.refusals(node)
    script = if let sql = node.member("sql") { try SQLScript(sql) } else { nil }
    answer = try Answer(node, defaultStatus: 200)
    if runsForEachMember && script == nil { throw Problem("\(node.path) has 'each' but no 'sql' to run") }
  }

  private static func refusals(_ node: DefinitionNode) throws(Problem) -> [Refusal] {
    var refusals: [Refusal] = []
    for item in try node.member("refuse")?.items() ?? [] {
      try item.allow(["unless", "status", "json"])
      refusals.append(
        Refusal(unless: try SQLScript(item.required("unless")), answer: try Answer(item, defaultStatus: 409)))
    }
    return refusals
  }

  /// GET changes nothing, and runs on a connection that cannot.
  var isReadOnly: Bool { method == "GET" }
}

extension Route.Answer {
  init(_ node: DefinitionNode, defaultStatus: Int) throws(Problem) {
    status = try node.member("status")?.status() ?? defaultStatus
    body = node.member("json").map { AnswerTemplate($0.value) }
  }
}
