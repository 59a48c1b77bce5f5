import Foundation
import Glibc
import TestSupport
import Testing

/// A web server on localhost with a certificate that an authority of its own has signed.
final class TLSServer: Sendable {
  let url: String
  /// The path of the authority's certificate.
  let authority: String
  private let folder: TemporaryFolder
  private let process: pid_t

  /// - Parameter days: how long the certificate holds from now; negative: it ended so long ago.
  init(days: Int) throws {
    folder = try TemporaryFolder()
    let port = unusedPort()
    url = "https://localhost:\(port)"
    authority = folder.file("ca.crt")
    try folder.write("subjectAltName=DNS:localhost,IP:127.0.0.1", to: "names")
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    try Self.openssl(
      [
        "req", "-x509", "-days", "30", "-subj", "/CN=test authority", "-keyout", folder.file("ca.key"), "-out",
        authority,
      ]
        + key)
    try Self.openssl(
      ["req", "-subj", "/CN=localhost", "-keyout", folder.file("key"), "-out", folder.file("csr")] + key)
    try Self.openssl([
      "x509", "-req", "-in", folder.file("csr"), "-CA", authority, "-CAkey", folder.file("ca.key"), "-CAcreateserial",
      "-days", "\(days)", "-extfile", folder.file("names"), "-out", folder.file("crt"),
    ])
    process = try spawnQuietly([
      "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-key", folder.file("key"), "-cert", folder.file("crt"),
      "-www", "-quiet",
    ])
    try #require(waitUntilListening(port))
  }

  deinit {
    kill(process, SIGKILL)
    _ = waitForExit(process)
  }

  private static func openssl(_ arguments: [String]) throws {
    try #require(waitForExit(try spawnQuietly(["openssl"] + arguments)) == 0, "openssl \(arguments)")
  }
}
