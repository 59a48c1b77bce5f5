public import IncidentModel

/// Where one monitor stands in one environment, as far as the journal tells. A value: no I/O, no clock.
public struct MonitorState: Sendable, Hashable {
  public enum Standing: String, Sendable {
    case well
    case breached
    case blind
  }

  public let monitor: String
  public let environment: String
  public private(set) var standing = Standing.well
  /// The incident that was told last of a breach or of blindness.
  public private(set) var incident: IncidentID?
  /// When that was told last.
  public private(set) var told: Timestamp?
  /// A playbook that it announced, and of which nothing more is recorded.
  public private(set) var announced: PlaybookFiring?

  /// While a breach lasts it is told again this seldom.
  public static let remindsEvery = Duration.seconds(600)

  public init(monitor: String, environment: String) {
    self.monitor = monitor
    self.environment = environment
  }

  /// Folds in one recorded event; what other monitors found, and elsewhere, changes nothing.
  public mutating func apply(_ event: Event) {
    switch event.fact {
    case .monitorBreached(let breach) where isOwn(breach.monitor, breach.environment):
      (standing, incident, told) = (.breached, event.incident, event.at)
    case .monitorBlind(let blindness) where isOwn(blindness.monitor, blindness.environment):
      (standing, incident, told) = (.blind, event.incident, event.at)
    case .monitorRecovered(let recovery) where isOwn(recovery.monitor, recovery.environment):
      standing = .well
    case .playbookFiring(let firing) where isOwn(firing.monitor, firing.environment):
      if firing.stage == .announced {
        announced = firing
      } else if announced?.isSettled(by: firing) == true {
        announced = nil
      }
    default: break
    }
  }

  private func isOwn(_ monitor: String, _ environment: String) -> Bool {
    monitor == self.monitor && environment == self.environment
  }

  /// What a reading changes; `nil`: nothing that has not been told.
  /// - Parameters:
  ///   - misses: how many looks in a row have failed, this one included.
  ///   - bearable: from so many on, failing looks are news of their own.
  public func news(of reading: MonitorReading, misses: Int, bearable: Int, at now: Timestamp) -> MonitorNews? {
    switch (reading.verdict, standing) {
    case (.fine, .well): nil
    case (.fine, _): .recovered
    case (.breached, .breached): isDueAgain(at: now) ? .stillBreached : nil
    case (.breached, _): .breached
    case (.missed, .blind): isDueAgain(at: now) ? .stillBlind : nil
    case (.missed, _): misses >= bearable ? .blind : nil
    }
  }

  /// What seems to have been told in the future was told before the clock was set back.
  private func isDueAgain(at now: Timestamp) -> Bool {
    told.map { now < $0 || now - $0 >= Self.remindsEvery } ?? true
  }

  /// The incident that a breach or blindness adds to: the one that this monitor told last, else the only one that is
  /// open; `nil`: a new one.
  /// - Parameter open: every incident of the environment that is neither resolved nor closed.
  public func incident(among open: [IncidentState]) -> IncidentState? {
    if let own = open.first(where: { $0.id == incident }) { return own }
    return open.count == 1 ? open[0] : nil
  }
}
