import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The outbox", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct OutboxTests {
  enum Trouble: String, CaseIterable, CustomTestStringConvertible {
    case refused, serverError, rateLimited, gone, hangs

    var testDescription: String { rawValue }
  }

  @Test(
    "Discord in trouble changes nothing about containment; the message is delivered later, once",
    arguments: Trouble.allCases)
  func discordInTrouble(_ trouble: Trouble) async throws {
    let platform = try Platform()
    var changes: [String: String?] = [:]
    switch trouble {
    case .refused: changes["DISCORD_WEBHOOK_URL"] = "http://127.0.0.1:\(unusedPort())/api/webhooks/1/abcdefgh"
    case .serverError: platform.discord.misbehave([.answer("502 Bad Gateway")])
    case .rateLimited: platform.discord.misbehave([.answer("429 Too Many Requests", headers: ["Retry-After: 60"])])
    case .gone: platform.discord.misbehave([.answer("404 Not Found")])
    case .hangs: platform.discord.misbehave([.hang])
    }
    let result = try await platform.pull(changing: changes)
    #expect(result.code == 4, "\(result)")
    #expect(result.elapsed < .seconds(25), "Discord gets ten seconds")
    #expect(try platform.database.tradesEnabled == "false")
    let run = try await platform.run()
    #expect(run.step("disable-trades").outcome == "done verified")
    #expect(run.target("contain") == "met")
    #expect(run.step("tell-discord").state != "done")
    #expect(result.output.contains("andon notify outbox --send"), "\(result)")

    let left = try await platform.andon("notify", "outbox")
    #expect(left.code == 0)
    #expect(left.stdout.contains("RUN-1/tell-discord"), "\(left)")
    let stuck = try await platform.andon("notify", "outbox", "--send", changing: changes)
    #expect(stuck.code == 1, "\(stuck)")
    #expect(platform.discord.messages.isEmpty)

    platform.discord.misbehave(nil)
    let sent = try await platform.andon("notify", "outbox", "--send")
    #expect(sent.code == 0, "\(sent)")
    #expect(platform.discord.messages.count == 1)
    #expect(platform.discord.messages.first?.contains("INC-1") == true)
    let again = try await platform.andon("notify", "outbox", "--send")
    #expect(again.code == 0)
    #expect(platform.discord.messages.count == 1, "delivered twice")
    #expect(try await platform.andon("notify", "outbox").stdout.contains("empty"))
    #expect(try await platform.andon("journal", "verify").code == 0)
  }

  @Test("Two that send at the same time deliver once")
  func twoSenders() async throws {
    let platform = try Platform()
    platform.discord.misbehave([.answer("404 Not Found")])
    #expect(try await platform.pull().code == 4)
    platform.discord.misbehave(nil)
    async let first = platform.andon("notify", "outbox", "--send")
    async let second = platform.andon("notify", "outbox", "--send")
    let codes = try await [first.code, second.code]
    #expect(codes.contains(0))
    #expect(platform.discord.messages.count == 1)
  }

  @Test("The webhook's variable was missing: the message is in the outbox all the same, and goes out once it is set")
  func variableWasMissing() async throws {
    let platform = try Platform()
    let result = try await platform.pull(changing: ["DISCORD_WEBHOOK_URL": nil])
    #expect(result.code == 4, "\(result)")
    #expect(try await platform.andon("notify", "outbox").stdout.contains("RUN-1/tell-discord"))
    #expect(try await platform.andon("notify", "outbox", "--send").code == 0)
    #expect(platform.discord.messages.count == 1)
  }

  @Test("A drill's message goes to the stand-in, never to the real webhook")
  func drillStaysInside() async throws {
    let platform = try Platform()
    let result = try await platform.pull("--drill")
    #expect(result.code == 4, "\(result)")
    #expect(try await platform.andon("notify", "outbox", "--send").code == 0)
    #expect(platform.discord.requests.count == 0)
  }
}
