internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import IncidentModel
internal import Logging
internal import NIOCore

/// The listening socket of a stand-in.
struct PlatformServer: Sendable {
  let port: Int
  private let task: Task<Void, any Error>

  private static let host = "127.0.0.1"
  private static let largestBody = 1_048_576

  var url: String { "http://\(Self.host):\(port)" }

  /// Returns when it listens.
  static func start(_ platform: Platform, port: Int) async throws(Problem) -> PlatformServer {
    var logger = Logger(label: "sandbox")
    logger.logLevel = .critical
    let (listening, announcer) = AsyncThrowingStream<Int, any Error>.makeStream()
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(to: request, by: platform) },
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { announcer.yield($0.localAddress?.port ?? port) },
      logger: logger)
    let task = Task {
      do { try await application.run() } catch {
        announcer.finish(throwing: error)
        throw error
      }
      announcer.finish()
    }
    do {
      for try await port in listening { return PlatformServer(port: port, task: task) }
    } catch {
      throw Problem(
        "The sandbox cannot listen on \(host):\(port): \(error)", advice: "Choose another port, or 0 for any free one.")
    }
    throw Problem("The sandbox ended before it listened on \(host):\(port)")
  }

  /// Closes every connection, and returns when that is done.
  func stop() async {
    task.cancel()
    _ = await task.result
  }

  private static func respond(to request: Request, by platform: Platform) async throws -> Response {
    guard let body = try? await request.body.collect(upTo: largestBody) else {
      return Response(.error(413, "the body is larger than \(largestBody) bytes"))
    }
    return Response(
      await platform.answer(
        method: request.method.rawValue, path: request.uri.path, authorization: request.headers[.authorization],
        query: request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) },
        body: Data(body.readableBytesView)))
  }
}

extension Response {
  fileprivate init(_ answer: PlatformAnswer) {
    guard let body = answer.body else {
      self.init(status: .init(code: answer.status))
      return
    }
    self.init(
      status: .init(code: answer.status), headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: body.jsonText)))
  }
}
