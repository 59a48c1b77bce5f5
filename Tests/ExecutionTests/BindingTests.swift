import Foundation
import IncidentModel
import Playbooks
import TestSupport
import Testing

@testable import Actions
@testable import Execution

/// A value gets where the playbook puts it, as it is, and nowhere else.
@Suite("Whatever a value holds, it stays a value")
struct BindingTests {
  private let connections: ConnectionBook
  private let actions: [String: StepAction]
  private static let mark = AttemptMark(run: RunID(number: 1), step: "s", attempt: 1, idempotencyKey: "k")

  init() throws {
    let fields: [(name: String, reference: Reference)] = [("http", .literal("http://127.0.0.1:9/base"))]
    let location = SourceLocation(file: "test.yaml", line: 1, column: 1)
    let database: [(name: String, reference: Reference)] = [("sqlite", .literal("/tmp/none.db"))]
    connections = ConnectionBook(
      environment: EnvironmentFile(
        name: "test", production: false,
        connections: [
          ConnectionBinding(name: "api", fields: fields, location: location),
          ConnectionBinding(name: "db", fields: database, location: location),
        ], file: "test.yaml"), variables: [:], redactor: Redactor())
    let text = """
      format: 1
      id: slots
      name: Slots
      params: {p: {type: text, required: true}}
      connections: [api, db]
      steps:
        - {id: script, effect: read, shell: {run: "echo \\"$P\\"", env: {P: "${params.p}"}}}
        - {id: argument, effect: read, command: {run: [tool, "${params.p}", last], env: {P: "${params.p}"}, stdin: "<${params.p}>"}}
        - {id: option, effect: read, command: {run: [tool, "--name=${params.p}", "x${params.p}"]}}
        - {id: bind, sql: {connection: db, run: "SELECT $1, $2", bind: ["${params.p}", "<${params.p}>"]}}
        - {id: path, http: {connection: api, get: "/a/${params.p}/z"}}
        - {id: query, http: {connection: api, get: /, query: {q: "${params.p}", r: last}}}
        - {id: header, http: {connection: api, get: /, headers: {X-Value: "${params.p}"}}}
        - {id: json, effect: read, http: {connection: api, post: /, json: {a: "${params.p}", b: ["<${params.p}>"]}}}
        - {id: body, effect: read, http: {connection: api, post: /, body: "<${params.p}>"}}
      """
    let loaded = PlaybookLoader(library: nil).load(text: text, file: "slots.yaml")
    let playbook = try #require(loaded.playbook, "\(loaded.diagnostics)")
    actions = Dictionary(uniqueKeysWithValues: playbook.steps.map { ($0.id.rawValue, $0.action) })
  }

  private func builder(_ text: String) -> RequestBuilder {
    RequestBuilder(connections: connections, names: Names(["params": .map(["p": .text(text)])]))
  }

  @Test("in scripts, arguments, statements, addresses, headers and bodies: as it is, or refused")
  func slots() async throws {
    let texts = HostileTexts.all + HostileTexts.pairs
    var (cases, refused) = (0, 0)
    for text in texts {
      for check in [script, argument, option, bind, path, query, header, json, body] {
        if try await check(text) == .refused { refused += 1 }
        cases += 1
      }
    }
    #expect(refused > 0 && refused < cases / 4, "\(refused) of \(cases)")
    Figures.record(
      ["texts": texts.count, "combinations": cases, "refused": refused],
      promise: "A value is never code, an option, a file name, a header or a path",
      attack: "shell, SQL, template, header, path, argument, terminal, Markdown, HTML and CSV texts in every slot of a "
        + "step, alone and in pairs", in: "Injection")
  }

  @Test("in a message no value is read as a template")
  func messages() throws {
    let folder = try TemporaryFolder()
    try folder.write("a ${params.p} b {{params.p}} c {{#failed}}<{{reason}}>{{/failed}} d", to: "templates/told.md")
    let composer = MessageComposer(library: PlaybookLibrary(directory: folder.path), environment: "test")
    let texts = HostileTexts.all + HostileTexts.pairs
    for text in texts {
      let names = Names([
        "params": .map(["p": .text(text)]), "failed": .list([.map(["reason": .text(text)])]),
      ])
      let message = try composer.text(template: "told", names: names)
      #expect(message == "a \(text) b \(text) c <\(text)> d", "\(text.debugDescription)")
    }
    Figures.record(
      ["texts": texts.count, "combinations": texts.count * 3],
      promise: "A value is never a template", attack: "the same texts in messages", in: "Injection")
  }

  // MARK: - Slots

  private enum Outcome { case bound, refused }

  private func script(_ text: String) async throws -> Outcome {
    guard case .shell(let action)? = actions["script"] else { return .refused }
    let request = try await builder(text).shell(action, timeLimit: nil)
    #expect(request.program == .script("echo \"$P\"") && request.environment == ["P": text])
    return .bound
  }

  private func argument(_ text: String) async throws -> Outcome {
    guard case .command(let action)? = actions["argument"] else { return .refused }
    let mustRefuse = text.utf8.first.map("-@".utf8.contains) ?? false
    do {
      let request = try await builder(text).command(action, timeLimit: nil)
      #expect(!mustRefuse, "\(text.debugDescription)")
      #expect(request.program == .arguments(["tool", text, "last"]) && request.environment == ["P": text])
      #expect(request.standardInput == "<\(text)>")
      return .bound
    } catch {
      #expect(mustRefuse, "\(text.debugDescription): \(error)")
      return .refused
    }
  }

  private func option(_ text: String) async throws -> Outcome {
    guard case .command(let action)? = actions["option"] else { return .refused }
    do {
      let request = try await builder(text).command(action, timeLimit: nil)
      #expect(text.utf8.first != UInt8(ascii: "@"), "\(text.debugDescription)")
      #expect(request.program == .arguments(["tool", "--name=\(text)", "x\(text)"]))
      return .bound
    } catch {
      #expect(text.utf8.first == UInt8(ascii: "@"), "\(text.debugDescription): \(error)")
      return .refused
    }
  }

  private func bind(_ text: String) async throws -> Outcome {
    guard case .sql(let action)? = actions["bind"] else { return .refused }
    let request = try await builder(text).sql(action, readOnly: true, timeLimit: nil)
    #expect(request.statement == "SELECT $1, $2" && request.bindings == [.text(text), .text("<\(text)>")])
    #expect(StatementText.withNumberedPlaceholders(request.statement) == "SELECT ?1, ?2")
    return .bound
  }

  /// The address, taken apart as RFC 3986 has it.
  private func order(_ step: String, _ text: String) async throws -> HTTPOrder {
    guard case .http(let action)? = actions[step] else { throw Failure(.badValue, "no step") }
    return try HTTPOrder(try await builder(text).http(action, timeLimit: nil), mark: Self.mark, agent: "andon/1")
  }

  private func decoded(_ text: String) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), text.utf8[...])
    while let byte = rest.popFirst() {
      let digits = byte == UInt8(ascii: "%") ? String(Substring(rest.prefix(2))) : ""
      if !digits.isEmpty { rest = rest.dropFirst(2) }
      bytes.append(UInt8(digits, radix: 16) ?? byte)
    }
    return bytes
  }

  private func path(_ text: String) async throws -> Outcome {
    do {
      let url = try await order("path", text).order.url
      let rest = url.dropFirst("http://127.0.0.1:9/base/a/".count)
      #expect(url.hasPrefix("http://127.0.0.1:9/base/a/") && rest.hasSuffix("/z"))
      let value = String(rest.dropLast(2))
      #expect(!value.contains { "/?#\\@ ".contains($0) } && decoded(value) == Array(text.utf8), "\(url)")
      #expect(![".", ".."].contains(value))
      return .bound
    } catch {
      #expect([".", ".."].contains(text), "\(text.debugDescription): \(error)")
      return .refused
    }
  }

  private func query(_ text: String) async throws -> Outcome {
    let url = try await order("query", text).order.url
    let parts = url.split(separator: "?", omittingEmptySubsequences: false)
    #expect(parts.count == 2 && parts[0] == "http://127.0.0.1:9/base/", "\(url)")
    let pairs = parts[1].split(separator: "&", omittingEmptySubsequences: false)
    #expect(pairs.count == 2 && pairs[1] == "r=last" && pairs[0].hasPrefix("q="))
    #expect(decoded(String(pairs[0].dropFirst(2))) == Array(text.utf8), "\(url)")
    return .bound
  }

  private func header(_ text: String) async throws -> Outcome {
    let holdsControl = text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\t") || $0.value == 0x7F }
    do {
      let lines = try await order("header", text).order.headers
      #expect(!holdsControl, "\(text.debugDescription)")
      #expect(lines.filter { $0.hasPrefix("X-Value") } == [text.isEmpty ? "X-Value;" : "X-Value: \(text)"])
      #expect(!lines.contains { $0.hasPrefix("X-Injected") || $0.utf8.contains(10) || $0.utf8.contains(13) })
      return .bound
    } catch {
      #expect(holdsControl, "\(text.debugDescription): \(error)")
      return .refused
    }
  }

  private func json(_ text: String) async throws -> Outcome {
    let sent = try await order("json", text).order.body ?? []
    #expect(try Value.json(Data(sent)) == .map(["a": .text(text), "b": .list([.text("<\(text)>")])]))
    return .bound
  }

  private func body(_ text: String) async throws -> Outcome {
    #expect(try await order("body", text).order.body == Array("<\(text)>".utf8))
    return .bound
  }
}
