import Crypto
import Foundation
import IncidentModel
import Testing

@testable import Actions

extension CommandTests {
  @Suite("Output of any size, kind and length of line")
  struct Output {
    @Test("256 MiB of output keep memory flat; both ends, the true size and the hash of all of it are kept")
    func large() async throws {
      let before = try memoryInUse()
      let size = 256 << 20
      let result = await CommandPerformer().perform(
        script("printf START; head -c \(size) /dev/zero | tr '\\0' 'x'; echo END", within: .seconds(120)))
      let growth = try memoryInUse() - before
      #expect(result.outcome == .succeeded)
      #expect(growth < 32 << 20)
      #expect(result.outputs["stdout_bytes"] == .number(size + 9))
      let text = try #require(result.outputs["stdout"]?.asText)
      #expect(text.hasPrefix("STARTxxx") && text.hasSuffix("xxxEND\n"))
      #expect(text.contains("\n… \(size + 9 - 131_072) bytes left out …\n"))
      #expect(text.utf8.count < 132_000)
      var hash = SHA256()
      hash.update(data: Array("START".utf8))
      let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
      for _ in 0..<256 { hash.update(data: block) }
      hash.update(data: Array("END\n".utf8))
      #expect(result.outputs["stdout_sha256"] == .text(hash.finalize().map { String(format: "%02x", $0) }.joined()))
      #expect(result.warnings.count == 1)
    }

    @Test("output of exactly what is kept is whole")
    func exactLimit() async {
      let result = await CommandPerformer().perform(script("head -c 131072 /dev/zero | tr '\\0' 'y'"))
      #expect(result.outputs["stdout"] == .text(String(repeating: "y", count: 131_072)))
      #expect(result.warnings.isEmpty)
    }

    @Test("endless output ends with the time limit")
    func endless() async {
      let start = ContinuousClock.now
      let result = await CommandPerformer(grace: .milliseconds(500)).perform(script("yes", within: .milliseconds(500)))
      #expect(result.unknownReason == .timedOut)
      #expect(ContinuousClock.now - start < .seconds(3))
      #expect((result.outputs["stdout_bytes"]?.asInteger ?? 0) > 131_072)
    }

    @Test("bytes that are not text are repaired, counted as they are, and break nothing")
    func binary() async {
      let result = await CommandPerformer().perform(script(#"printf '\377\376\000A\200'"#))
      #expect(result.outcome == .succeeded)
      #expect(result.outputs["stdout_bytes"] == .number(5))
      #expect(result.outputs["stdout"]?.asText?.contains("A") == true)
    }

    @Test("a character is never cut in two where the middle is left out")
    func characterAtTheCut() async throws {
      let result = await CommandPerformer().perform(script("printf a; yes é | tr -d '\\n' | head -c 400000"))
      let text = try #require(result.outputs["stdout"]?.asText)
      #expect(!text.contains("\u{FFFD}"))
    }

    @Test("a secret never appears in output, progress or message, however it is split")
    func secretInPieces() async {
      let redactor = Redactor()
      redactor.register(Secret(name: "TOKEN", value: "correct-horse-battery"))
      var request = script(
        #"printf '%s' "${T%battery}"; sleep 0.05; printf 'battery\n'; echo "$T" >&2; exit 1"#)
      request.secretEnvironment = ["T": Secret(name: "TOKEN", value: "correct-horse-battery")]
      let result = await CommandPerformer().perform(request, redactor: redactor)
      #expect(result.isFailure)
      #expect(result.outputs["stdout"] == .text("[secret:TOKEN]\n"))
      #expect(!"\(result)".contains("battery"))
    }

    @Test("standard output and standard error are kept apart, and neither waits for the other")
    func bothStreams() async {
      let result = await CommandPerformer().perform(
        script("head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; echo done >&2"))
      #expect(result.outputs["stdout_bytes"] == .number(3_000_000))
      #expect(result.outputs["stderr_bytes"] == .number(3_000_005))
    }
  }
}

/// Resident memory of this process, in bytes.
private func memoryInUse() throws -> Int {
  let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
  return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
