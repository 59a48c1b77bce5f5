internal import Foundation
internal import IncidentModel

/// The stand-in itself: finds the route of a request and follows it through the database.
struct Platform: Sendable {
  let routes: [Route]
  let database: any PlatformDatabase
  let token: String

  /// Every SQL text must compile against the tables, and every `$name` must come from somewhere.
  func check() throws(Problem) {
    for route in routes { try check(route) }
  }

  func answer(
    method: String, path: String, authorization: String?, query: [(name: String, value: String)], body: Data
  ) async -> PlatformAnswer {
    let candidates = routes.compactMap { route in route.path.match(path).map { (route: route, names: $0) } }
    guard !candidates.isEmpty else { return .error(404, "not_found") }
    guard let (route, names) = candidates.first(where: { $0.route.method == method }) else {
      return .error(405, "method_not_allowed")
    }
    guard !route.needsBearer || authorization == "Bearer \(token)" else { return .error(401, "unauthorized") }
    guard let request = PlatformRequest(path: names, query: query, body: body) else {
      return .error(400, "the body is not JSON")
    }
    return await follow(route, with: request)
  }

  private func follow(_ route: Route, with request: PlatformRequest) async -> PlatformAnswer {
    do {
      return try await database.transact(readOnly: route.isReadOnly) { try Platform.run(route, with: request, in: $0) }
    } catch let failure as StatementFailure {
      // Never 503 for a busy database: a probe would take that for a refusal.
      return .error(failure.isAboutValues ? 400 : 500, failure.reason)
    } catch {
      return .error(500, "\(error)")
    }
  }

  private static func run(
    _ route: Route, with request: PlatformRequest, in transaction: any PlatformTransaction
  ) throws -> PlatformAnswer {
    for refusal in route.refusals
    where try transaction.run(refusal.unless, with: request.values).isEmpty {
      return PlatformAnswer(refusal.answer, rows: [], request: request)
    }
    guard let script = route.script else { return PlatformAnswer(route.answer, rows: [], request: request) }
    let rows =
      route.runsForEachMember
      ? try request.members.flatMap { try transaction.run(script, with: request.values(for: $0)) }
      : try transaction.run(script, with: request.values)
    return PlatformAnswer(route.answer, rows: rows, request: request)
  }

  private func check(_ route: Route) throws(Problem) {
    var known = Set(route.path.names + ["body"])
    for refusal in route.refusals {
      known.formUnion(refusal.unless.parameters)
      _ = try database.columns(of: refusal.unless)
    }
    if let script = route.script { known.formUnion(try database.columns(of: script) + script.parameters) }
    let used = ([route.answer] + route.refusals.map(\.answer)).reduce(into: Set<String>()) {
      $0.formUnion($1.body?.names ?? [])
    }
    if let stranger = used.subtracting(known).min() {
      throw Problem(
        "\(route.place) answers with '$\(stranger)', which is neither a column of its sql nor a parameter",
        advice: nearMiss(to: stranger, among: Array(known)).map { "Did you mean '$\($0)'?" })
    }
  }
}

extension PlatformAnswer {
  fileprivate init(_ answer: Route.Answer, rows: [[String: Value]], request: PlatformRequest) {
    status = answer.status
    body = answer.body?.value(rows: rows, request: request.values)
  }
}
