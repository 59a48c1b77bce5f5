internal import Foundation
internal import IncidentModel
internal import Synchronization

/// A webhook as Discord has it: keeps what is posted, answers with an id, and can be told to misbehave.
public final class WebhookReceiver: Sendable {
  private let server: ScriptedHTTPServer
  private let box = Box()
  /// The part of the address that must stay secret.
  public let token: String

  public init() throws {
    let token = "tok-\(UUID().uuidString)"
    self.token = token
    server = try ScriptedHTTPServer { [box] request in box.answer(request, token) }
  }

  public var url: String { "\(server.url)/api/webhooks/1234567890/\(token)" }
  public var requests: [ScriptedHTTPServer.Request] { server.requests }
  /// The text of every message that was accepted, in order.
  public var messages: [String] { box.messages }

  /// From now on. `nil` mends it.
  public func misbehave(_ acts: [ScriptedHTTPServer.Act]?) { box.misbehave(acts) }

  private final class Box: Sendable {
    private let state = Mutex<(messages: [String], fault: [ScriptedHTTPServer.Act]?)>(([], nil))

    var messages: [String] { state.withLock { $0.messages } }
    func misbehave(_ acts: [ScriptedHTTPServer.Act]?) { state.withLock { $0.fault = acts } }

    func answer(_ request: ScriptedHTTPServer.Request, _ token: String) -> [ScriptedHTTPServer.Act] {
      state.withLock { state in
        if let fault = state.fault { return fault }
        guard request.method == "POST", request.target.contains(token) else {
          return [.answer("404 Not Found", body: #"{"message":"Unknown Webhook","code":10015}"#)]
        }
        guard let content = (try? Value.json(Data(request.body)))?["content"]?.displayText,
          (1...2000).contains(content.count)
        else { return [.answer("400 Bad Request", body: #"{"message":"Cannot send an empty message","code":50006}"#)] }
        state.messages.append(content)
        let body = #"{"id":"\#(state.messages.count)"}"#
        return [.answer("200 OK", headers: ["Content-Type: application/json"], body: body)]
      }
    }
  }
}
