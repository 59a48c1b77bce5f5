import Glibc
import IncidentModel
import Synchronization

/// Reads both output streams of a child on a thread of its own, until both have ended or it is told to stop.
final class OutputReader: Sendable {
  private static let chunk = 64 * 1024
  /// Progress is told at most this often.
  private static let progressEvery = Duration.milliseconds(250)
  /// How often orphans that have ended are put away while a command runs.
  private static let lookEvery = Duration.seconds(5)

  private let standardOutput: Int32
  private let standardError: Int32
  private let enough = WakeUp()
  private let redactor: Redactor
  private let progress: @Sendable (String) -> Void

  /// Takes over both descriptors.
  init(
    standardOutput: Int32, standardError: Int32, redactor: Redactor, progress: @escaping @Sendable (String) -> Void
  ) {
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.redactor = redactor
    self.progress = progress
  }

  /// Makes `read` return with what it has, although somebody still holds a stream open. May be called at any time.
  func stop() { enough.give() }

  /// Blocks until both streams have ended, or `stop`.
  func read() -> CapturedOutput {
    var output = StreamCapture(redactor: redactor)
    var errors = StreamCapture(redactor: redactor)
    var lastProgress = ContinuousClock.now
    var lastLook = ContinuousClock.now
    var stopped = false
    while !stopped, output.isOpen || errors.isOpen {
      var waiting = [
        pollfd(fd: enough.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: output.isOpen ? standardOutput : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors.isOpen ? standardError : -1, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&waiting, 3, 250)
      if waiting[1].revents != 0 { Self.drain(standardOutput, into: &output) }
      if waiting[2].revents != 0 { Self.drain(standardError, into: &errors) }
      stopped = waiting[0].revents != 0
      let now = ContinuousClock.now
      if now - lastProgress >= Self.progressEvery, let line = errors.newestLine() ?? output.newestLine() {
        progress(line)
        lastProgress = now
      }
      if now - lastLook >= Self.lookEvery {
        ChildRegistry.shared.reapOrphans()
        lastLook = now
      }
    }
    let heldOpen = output.isOpen || errors.isOpen
    if output.isOpen { output.close() }
    if errors.isOpen { errors.close() }
    close(standardOutput)
    close(standardError)
    return CapturedOutput(standardOutput: output.summary, standardError: errors.summary, wasHeldOpen: heldOpen)
  }

  /// Takes what is there, but not for ever: the other stream and `stop` get their turn.
  private static func drain(_ descriptor: Int32, into capture: inout StreamCapture) {
    for _ in 0..<16 {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, used in
        count = Glibc.read(descriptor, buffer.baseAddress, chunk)
        used = max(0, count)
      }
      if count > 0 {
        capture.take(bytes)
      } else if count < 0, errno == EAGAIN || errno == EINTR {
        return
      } else {
        return capture.close()
      }
    }
  }
}

/// Both streams of a child that has been read.
struct CapturedOutput: Sendable {
  let standardOutput: CapturedStream
  let standardError: CapturedStream
  /// True when reading stopped although some process still held a stream open.
  let wasHeldOpen: Bool

  var outputs: [String: Value] {
    [
      "stdout": .text(standardOutput.text),
      "stderr": .text(standardError.text),
      "stdout_bytes": .number(standardOutput.byteCount),
      "stderr_bytes": .number(standardError.byteCount),
      "stdout_sha256": .text(standardOutput.digest),
      "stderr_sha256": .text(standardError.digest),
    ]
  }

  var warnings: [String] {
    [("standard output", standardOutput), ("standard error", standardError)].compactMap { name, stream in
      stream.bytesLeftOut > 0
        ? "\(name) had \(stream.byteCount) bytes; its first and last 64 KiB are kept, and the hash of all of it" : nil
    }
  }
}
