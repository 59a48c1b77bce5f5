public import Engine
internal import IncidentModel

/// What earlier runs let one expect of the rest of a run.
public struct ForecastLine: Sendable, Hashable, Codable {
  /// Of how many earlier runs.
  public let runs: Int
  /// True when these were drills.
  public let areDrills: Bool
  /// Up to the end of the run; `nil` when too few of them came to their end.
  @OrNull public var remainingMilliseconds: Int64?
  /// The clocks that are not judged yet and of which enough runs tell.
  public let targets: [Target]

  public struct Target: Sendable, Hashable, Codable {
    public let name: String
    public let limitMilliseconds: Int64
    /// From now on.
    public let remainingMilliseconds: Int64
    /// When it will probably be judged, from *detected*.
    public let elapsedMilliseconds: Int64
    /// It is not missed yet, and is going to be if things go on as they usually do.
    public let isAtRisk: Bool
  }

  public init(_ forecast: Forecast) {
    runs = forecast.runs
    areDrills = forecast.areDrills
    targets = forecast.targets.map { target in
      Target(
        name: target.name, limitMilliseconds: target.limit.wholeMilliseconds,
        remainingMilliseconds: target.remaining.wholeMilliseconds,
        elapsedMilliseconds: target.elapsed.wholeMilliseconds, isAtRisk: target.isAtRisk)
    }
    remainingMilliseconds = forecast.remaining?.wholeMilliseconds
  }

  /// `about 3 min left, from 7 earlier runs; notify AT RISK: expected about 18 min after detection, limit 15:00`
  public var text: String {
    ([remainingText] + targets.filter(\.isAtRisk).map(\.text)).joined(separator: "; ")
  }

  private var remainingText: String {
    let runs = "\(runs) earlier \(areDrills ? "drills" : "runs")"
    guard let remainingMilliseconds else { return "from \(runs)" }
    return "about \(Duration.milliseconds(remainingMilliseconds).aboutText) left, from \(runs)"
  }
}

extension ForecastLine.Target {
  /// `notify AT RISK: expected about 18 min after detection, limit 15:00`
  fileprivate var text: String {
    let elapsed = Duration.milliseconds(elapsedMilliseconds).aboutText
    return "\(name) AT RISK: expected about \(elapsed) after detection, limit "
      + Duration.milliseconds(limitMilliseconds).clockText
  }
}

extension Duration {
  /// `1 s`, `45 s`, `3 min`, `2 h`: to the nearest, as far as one can know it ahead.
  public var aboutText: String {
    let seconds = (max(0, wholeMilliseconds) + 500) / 1000
    if seconds < 90 { return "\(max(1, seconds < 20 ? seconds : (seconds + 2) / 5 * 5)) s" }
    let minutes = (seconds + 30) / 60
    return minutes < 90 ? "\(minutes) min" : "\((minutes + 30) / 60) h"
  }
}
