internal import Foundation
internal import Glibc

/// A PostgreSQL server that is installed on this machine.
struct PostgresPrograms: Sendable {
  /// The folder of `initdb` and `postgres`.
  let folder: String

  /// On PATH, else the newest where Debian keeps them. `nil`: none is installed.
  init?(path: String?) {
    let known = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: known)) ?? []
    let newestFirst = versions.compactMap(Int.init).sorted(by: >).map { "\(known)/\($0)/bin" }
    let folders = (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") } + newestFirst
    let found = folders.first { folder in
      ["initdb", "postgres"].allSatisfy { access("\(folder)/\($0)", X_OK) == 0 }
    }
    guard let found else { return nil }
    folder = found
  }

  var initdb: String { "\(folder)/initdb" }
  var server: String { "\(folder)/postgres" }

  /// Whether the server can count statements.
  var countsStatements: Bool {
    ["lib", "lib/postgresql", "lib64/pgsql", "lib/pgsql"].contains {
      access("\(folder)/../\($0)/pg_stat_statements.so", F_OK) == 0
    }
  }
}
