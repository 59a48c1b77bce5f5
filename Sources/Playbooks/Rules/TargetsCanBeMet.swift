internal import IncidentModel

/// A clock that the steps themselves outlast can only be missed.
struct TargetsCanBeMet: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    var walk = Walk(playbook: playbook, report: report)
    walk.follow(playbook.steps)
  }

  /// Goes through the steps in order with the time that has passed: at least, and at most as far as limits are written.
  private struct Walk {
    let playbook: Playbook
    let report: RuleReport
    var least = Duration.zero
    var most = Duration.zero
    var told: Set<String> = []

    mutating func follow(_ steps: [Step]) { for step in steps { follow(step) } }

    private mutating func follow(_ step: Step) {
      let (before, longest) = (least, most)
      switch step.action {
      case .parallel(let children):
        (least, most) = ends(of: children.map { [$0] }, from: before, longest).reduce((before, longest)) {
          (max($0.0, $1.0), max($0.1, $1.1))
        }
      case .branch(_, let then, let otherwise):
        let both = ends(of: [then, otherwise], from: before, longest)
        (least, most) = (min(both[0].0, both[1].0), max(both[0].1, both[1].1))
      default:
        let own = pause(of: step)
        least += own
        most += own + (step.timeout ?? .zero) + (step.verify?.within ?? .zero)
      }
      // What may be skipped takes no time at all.
      if step.when != nil { least = before }
      judge(step)
    }

    /// Where each of several ways ends that begin at the same moment.
    private mutating func ends(of ways: [[Step]], from least: Duration, _ most: Duration) -> [(Duration, Duration)] {
      var ends: [(Duration, Duration)] = []
      for way in ways {
        (self.least, self.most) = (least, most)
        follow(way)
        ends.append((self.least, self.most))
      }
      return ends
    }

    /// The time that a step takes by its nature.
    private func pause(of step: Step) -> Duration {
      switch step.action {
      case .wait(let length): length
      case .monitor(let action): Duration(playbookText: action.length.source) ?? defaultLength(action.length) ?? .zero
      default: .zero
      }
    }

    /// `${params.watch}`, by the default of that param.
    private func defaultLength(_ template: Template) -> Duration? {
      guard let path = template.expressions.first?.references.first, path.count == 2, path[0] == "params",
        case .duration(let length)? = playbook.params.first(where: { $0.name == path[1] })?.defaultValue
      else { return nil }
      return length
    }

    private mutating func judge(_ step: Step) {
      guard let name = step.target, let target = playbook.targets.first(where: { $0.name == name }) else { return }
      let limit = target.limit.playbookText
      if least > target.limit, told.insert(name).inserted {
        report.warning(
          "the target '\(name)' (\(limit)) cannot be met: the steps up to here take at least \(least.spokenText)",
          at: step.at("target"), hint: "let an earlier step name it, or give it more time")
      } else if most > target.limit, told.insert(name).inserted {
        report.warning(
          "the target '\(name)' (\(limit)) is missed when the steps up to here take as long as they may: "
            + most.spokenText, at: step.at("target"), hint: "shorten 'timeout' or 'verify.within', or give it more time"
        )
      }
    }
  }
}
