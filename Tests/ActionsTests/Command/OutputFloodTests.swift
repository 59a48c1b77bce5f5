import Foundation
import IncidentModel
import Synchronization
import TestSupport
import Testing

@testable import Actions

extension CommandTests {
  @Suite("Floods of output")
  struct Floods {
    private static let bearable = 32 << 20
    private static let promise = "Any amount of output leaves memory flat, and is counted and hashed to the last byte"

    /// Each a shell command that writes without end.
    private static let sources = [
      "lines of text": "yes 'GET /api/trades/orders 200 0.0412 ETH'",
      "one endless line": "tr '\\0' x </dev/zero",
      "binary":
        "openssl enc -aes-128-ctr -K 00000000000000000000000000000000 -iv 00000000000000000000000000000000 </dev/zero",
    ]

    @Test(
      "text, a line without end and binary: memory flat, every byte counted and hashed",
      arguments: sources.keys.sorted())
    func flood(kind: String) async throws {
      let size = Figures.tries(quick: 256, long: 1024) << 20
      let command = "\(try #require(Self.sources[kind])) 2>/dev/null | head -c \(size)"
      // By another program, and not through Andon.
      let hash = try await digest(of: command)
      let (start, watch) = (ContinuousClock.now, try MemoryWatch())
      let result = await CommandPerformer().perform(script(command, within: .seconds(300)))
      let (took, growth) = (ContinuousClock.now - start, watch.growth)
      #expect(result.outcome == .succeeded)
      #expect(result.outputs["stdout_bytes"] == .number(size))
      #expect(result.outputs["stdout_sha256"] == .text(hash))
      #expect(growth <= Self.bearable, "memory grew by \(growth >> 20) MiB")
      Figures.record(
        [
          "MiB": size >> 20, "memory grew by, MiB": growth >> 20,
          "MiB a second": Int(Double(size >> 20) / took.inSeconds),
        ],
        promise: Self.promise, attack: kind, in: "Processes")
    }

    @Test("a program that never stops writing is ended in time, and memory stays flat")
    func endless() async throws {
      let limit = Duration.seconds(Figures.tries(quick: 4, long: 600))
      let (start, watch) = (ContinuousClock.now, try MemoryWatch())
      let result = await CommandPerformer(grace: .milliseconds(200)).perform(script("yes", within: limit))
      let (overrun, growth) = (Heartbeat.shared.overrun(of: limit, since: start), watch.growth)
      #expect(result.unknownReason == .timedOut)
      #expect(overrun < .milliseconds(1200), "\(overrun)")
      #expect(growth <= Self.bearable, "memory grew by \(growth >> 20) MiB")
      let count = try #require(result.outputs["stdout_bytes"]?.asInteger)
      #expect(count > 1 << 20)
      Figures.record(
        ["seconds": Int(limit.inSeconds), "memory grew by, MiB": growth >> 20, "MiB": count >> 20],
        promise: Self.promise,
        attack: "`yes` until the time limit", in: "Processes")
    }

    private func digest(of command: String) async throws -> String {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "\(command) | sha256sum"]
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return String(try #require(text.split(separator: " ").first))
    }
  }
}

/// How much this process grows while it is watched: at the most, not at the end.
private final class MemoryWatch: Sendable {
  private let begin: Int
  private let most: Mutex<Int>
  private let isOver = Mutex(false)

  init() throws {
    begin = try #require(Self.resident)
    most = Mutex(begin)
    Thread.detachNewThread { [self] in
      while !isOver.withLock({ $0 }) {
        if let now = Self.resident { most.withLock { $0 = max($0, now) } }
        usleep(10_000)
      }
    }
  }

  /// In bytes. Ends the watch.
  var growth: Int {
    isOver.withLock { $0 = true }
    return most.withLock { $0 } - begin
  }

  private static var resident: Int? {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}
