import Foundation
import Testing

/// A session of somebody else: `psql` as a process of its own, which can be killed.
final class ForeignSession {
  private let process = Process()
  private let input = Pipe()

  /// Runs `script` line by line under an application name, and stays connected afterwards.
  init(name: String, script: String, url: String = TestDatabase.url) throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["psql", url, "-qXAt"]
    process.environment = ProcessInfo.processInfo.environment.merging(["PGAPPNAME": name]) { _, new in new }
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data((script + "\n").utf8))
  }

  func kill() {
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  deinit { kill() }
}
