import Foundation
import TestSupport
import Testing

/// A web service with a certificate of its own: `Tests/StandIns/https-stand-in`.
final class HTTPSService: Sendable {
  let port: Int
  /// The path of what vouches for it.
  let authority: String
  private let folder: TemporaryFolder
  private let process: pid_t

  init() throws {
    (folder, port) = try (TemporaryFolder(), unusedPort())
    authority = folder.file("certificate")
    let made = waitForExit(
      try spawnQuietly([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", authority, "-out",
        folder.file("alone"),
      ]))
    try #require(made == 0, "openssl made no certificate")
    let whole = try Data(contentsOf: URL(filePath: authority)) + Data(contentsOf: URL(filePath: folder.file("alone")))
    try whole.write(to: URL(filePath: authority))
    process = try spawnQuietly([
      "python3", Repository.file("Tests/StandIns/https-stand-in"), "\(port)", authority,
    ])
    try #require(waitUntilListening(port))
  }

  deinit {
    kill(process, SIGKILL)
    _ = waitForExit(process)
  }
}
