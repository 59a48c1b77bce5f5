internal import CCurl
internal import CPostgres
internal import IncidentModel

/// libpq and libcurl. They bring more than thirty libraries along, half of the time that a program naming them takes to
/// start. So they are loaded on first use, and in a hurry beside whatever else a run begins with.
public enum ClientLibraries {
  /// Loads them on a thread of its own and returns at once. What cannot be loaded is told by the step that needs it.
  public static func loadAhead() {
    _ = SpareThread.run {
      // Connecting to a database takes longer than a request.
      _ = cpostgres_problem()
      _ = CurlTransfer.isReady
    }
  }

  static var postgresFailure: Failure? {
    cpostgres_problem().map { Self.failure("libpq", $0, package: "libpq5") }
  }

  static var curlFailure: Failure? {
    ccurl_problem().map { Self.failure("libcurl", $0, package: "libcurl4") }
  }

  private static func failure(_ library: String, _ reason: UnsafePointer<CChar>, package: String) -> Failure {
    Failure(
      .notConfigured, "\(library) cannot be used: \(String(cString: reason))",
      advice: "Install it: on Debian and Ubuntu the package is called \(package).")
  }
}
