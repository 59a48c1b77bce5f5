/// The kinds of procedure there are. Each is a folder of the library, and has a file to begin with.
enum PlaybookKind: String, CaseIterable {
  /// Stops something at once, pulled by a person under stress.
  case emergency
  /// Only looks, and shows what it read.
  case monitoring
  /// Comes up on a schedule.
  case maintenance
  /// Changes a setting.
  case configuration
  /// Brings a new version out.
  case deployment
  /// Leads through a trouble that has been seen before.
  case incidentResponse = "incident-response"
}
