internal import IncidentModel
internal import Yams

/// `http: {connection: api, get: /trades}`
enum HTTPTable {
  static let connection = Field<String>("connection", .name, required: true, "Name of an HTTP base in 'connections'")
  static let methods = HTTPAction.Method.allCases.map {
    Field<Template>($0.rawValue, path, "\($0.rawValue.uppercased()) this path, which begins with '/'")
  }
  static let query = Field<[(name: String, value: Template)]>("query", texts, "Name and value pairs, encoded for you")
  static let headers = Field<[(name: String, value: Template)]>("headers", headerTexts, "Request headers")
  static let json = Field<ValueTemplate>("json", .json, "A JSON body; templates may stand in its texts")
  static let body = Field<Template>("body", .template, "A text body")
  static let status = Field<[Int]>(
    "status", .oneOrMany(.statusCode), "The status codes that count as success; 200 to 299 without it")
  static let follow = Field<Bool>("follow", .bool, "Follow redirects; false without it")

  static let table = ObjectTable(
    "http", title: "an 'http' action",
    "One request. Outputs: status, headers, body, json, time",
    [connection.info] + methods.map(\.info) + [query, headers].map(\.info)
      + [json.info, body.info, status.info, follow.info],
    exactlyOne: [.init(keys: HTTPAction.Method.allCases.map(\.rawValue), title: "a method")],
    atMostOne: [["json", "body"]])

  static let kind = Kind<HTTPAction>.object(table, named: "http") { section in
    let connection = section[connection]
    var request: (method: HTTPAction.Method, path: Template)?
    for (method, field) in zip(HTTPAction.Method.allCases, methods) {
      if let path = section[field] { request = request ?? (method, path) }
    }
    let body: HTTPAction.Body? = section[json].map { .json($0) } ?? section[body].map { .text($0) }
    let (query, headers) = (section[query] ?? [], section[headers] ?? [])
    let (status, follow) = (section[status] ?? [], section[follow] ?? false)
    guard let connection, let request else { return nil }
    return HTTPAction(
      connection: connection, method: request.method, path: request.path, query: query, headers: headers,
      body: body, status: status, follow: follow)
  }

  private static let path = Kind<Template>(.text) { input, reading in
    if case .scalar(let scalar) = input.node, scalar.isEmpty { return Template(literal: "") }
    guard let path = Kind<Template>.template.read(input, reading) else { return nil }
    // A path that is a value as a whole is looked at when it is known.
    guard case .literal(let beginning)? = path.segments.first else { return path }
    guard beginning.hasPrefix("/") else {
      reading.error(
        at: input.place, "\(input.label) must begin with '/', but is '\(path.source.excerpt)'",
        hint: "scheme and host stand in the connection, in environments/NAME.yaml")
      return nil
    }
    return path
  }

  private static let texts = Kind<[(name: String, value: Template)]>.map(
    names: "a name may not be empty", fits: { !$0.isEmpty }, .template)

  private static let headerTexts = Kind<[(name: String, value: Template)]>.map(
    names: "a header has letters, digits and '-'",
    fits: { !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") } }, .template)
}
