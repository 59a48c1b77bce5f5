internal import Actions
internal import Engine
public import IncidentModel
public import Playbooks

/// Goes through a playbook without changing anything: `read` steps and checks are made for real, every other
/// action is resolved and shown. Writes nothing to the journal.
public struct DryRun: Sendable {
  /// What a dry run found out about one step.
  public struct Finding: Sendable {
    public enum Word: String, Sendable {
      /// A `read` step that was made.
      case read
      /// A change that would be made.
      case would
      case skip
      case ask
      /// It could not be prepared, or the reading failed.
      case problem
      /// It hangs on a step that a dry run does not do.
      case depends
    }

    public let step: StepID
    public let title: String
    public let effect: Effect
    public let word: Word
    public let lines: [String]
    /// What its check reads now, before anything was done.
    public let now: String?
  }

  private let equipment: Equipment
  private let request: RunRequest
  private let preparer: StepPreparer
  private let checks: CheckMaker

  public init(_ equipment: Equipment, _ request: RunRequest) {
    self.equipment = equipment
    self.request = request
    preparer = StepPreparer(
      connections: equipment.connections, redactor: equipment.redactor,
      messages: MessageComposer(library: equipment.library, environment: request.environment.name), runKey: "dry run")
    checks = CheckMaker(
      performer: equipment.performer, connections: equipment.connections, redactor: equipment.redactor,
      time: equipment.time)
  }

  /// Every step in the order of the file.
  public func findings() async -> [Finding] {
    var state = RunState(playbook: request.playbook)
    state.preview(request.params, request.prerequisites, request.environment.name, at: equipment.time.read())
    var findings: [Finding] = []
    for step in request.playbook.steps { await look(at: step, &state, &findings) }
    return findings
  }

  private func look(at step: Step, _ state: inout RunState, _ findings: inout [Finding]) async {
    let names = names(for: step, state)
    func finding(_ word: Finding.Word, _ lines: [String], now: String? = nil) -> Finding {
      Finding(
        step: step.id, title: step.name?.source ?? step.id.rawValue, effect: step.effect, word: word,
        lines: lines.map(equipment.redactor.redact), now: now)
    }
    if let condition = step.when {
      do {
        guard try condition.holds(in: names) else {
          for leaf in step.leaves {
            findings.append(
              Finding(
                step: leaf.id, title: leaf.name?.source ?? leaf.id.rawValue, effect: leaf.effect, word: .skip,
                lines: ["\(condition.source) is false"], now: nil))
          }
          return
        }
      } catch {
        findings.append(finding(.depends, [error.message]))
        return
      }
    }
    switch step.action {
    case .parallel(let children): for child in children { await look(at: child, &state, &findings) }
    case .branch(let condition, let then, let otherwise):
      do {
        for child in try condition.holds(in: names) ? then : otherwise { await look(at: child, &state, &findings) }
      } catch { findings.append(finding(.depends, [error.message])) }
    case let action where action.isQuestion:
      do throws(Failure) {
        let question = try await preparer.question(for: step, names: names)
        findings.append(finding(.ask, [question.ask] + (question.draft?.lines ?? [])))
      } catch { findings.append(finding(.problem, [error.message])) }
    default: findings.append(await resolve(step, names, &state) { finding($0, $1, now: $2) })
    }
  }

  private func resolve(
    _ step: Step, _ names: Names, _ state: inout RunState,
    _ finding: (Finding.Word, [String], String?) -> Finding
  ) async -> Finding {
    let prepared: PreparedStep
    do throws(Failure) {
      prepared = try await preparer.prepare(step, attempt: 1, run: RunID(number: 0), names: names)
    } catch { return finding(.problem, [error.message] + (error.advice.map { [$0] } ?? []), nil) }
    guard case .request(let request) = prepared.work, step.effect == .read else {
      return finding(step.effect == .read ? .read : .would, prepared.preview, await checks.readingBefore(prepared))
    }
    let result = await equipment.performer.perform(request, mark: prepared.mark)
    if let failure = result.failure { return finding(.problem, prepared.preview + [failure.message], nil) }
    state.preview(result.outputs, of: step.id)
    return finding(.read, prepared.preview, ReadingText.text(of: result.outputs, equipment.redactor))
  }

  private func names(for step: Step, _ state: RunState) -> Names {
    let incident: [String: Value] = [
      "id": .text("INC-…"), "severity": .text((request.playbook.severity ?? .p3).rawValue),
      "title": .text(request.playbook.name), "environment": .text(request.environment.name),
    ]
    let names = state.names(ofSteps: step.namedSteps).adding(["incident": .map(incident)])
    if !step.action.isAddressedToPeople { return names }
    return names.adding(MessageContext.roots(state, library: equipment.library, now: equipment.time.read().wall))
  }
}
