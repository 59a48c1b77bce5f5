public import IncidentModel

/// What an attempt comes to, from what the action reported and what the check said.
///
/// | action | check | state | verification |
/// |---|---|---|---|
/// | succeeded | none | done | unverified |
/// | succeeded | passed / did not pass / cannot tell / cannot be made | done / failed / done / failed | verified / failed / unverified / unverified |
/// | failed | not made | failed | unverified |
/// | unknown, effect `read` | not made | failed | unverified |
/// | unknown | passed / anything else | done / unknown | verified / as the check says |
public enum StepJudgement {
  public static func end(effect: Effect, act: ActionResult.Outcome, check: StepCheck?) -> StepEnd {
    switch act {
    case .succeeded: afterSuccess(check)
    case .failed(let failure):
      StepEnd(state: .failed, verification: .unverified, reason: failure.message)
    case .unknown(let reason, let failure) where effect == .read:
      StepEnd(state: .failed, verification: .unverified, reason: "\(reason.rawValue): \(failure.message)")
    case .unknown(let reason, let failure): afterUnknown(reason, failure, check)
    }
  }

  private static func afterSuccess(_ check: StepCheck?) -> StepEnd {
    guard let check else { return StepEnd(state: .done, verification: .unverified, reason: "no check") }
    switch check.verification {
    case .verified: return StepEnd(state: .done, verification: .verified)
    case .failed: return StepEnd(state: .failed, verification: .failed, reason: check.failure?.message)
    case .unverified:
      // A reading that says neither yes nor no leaves the step done; no reading at all does not.
      let state: StepState = check.failure?.code == .checkUnavailable ? .failed : .done
      return StepEnd(state: state, verification: .unverified, reason: check.failure?.message)
    }
  }

  private static func afterUnknown(_ reason: UnknownReason, _ failure: Failure, _ check: StepCheck?) -> StepEnd {
    if check?.verification == .verified {
      return StepEnd(
        state: .done, verification: .verified, reason: "\(failure.message); the check shows that it took effect")
    }
    return StepEnd(
      state: .unknown, verification: check?.verification ?? .unverified,
      reason: "\(reason.rawValue): \(failure.message)")
  }
}
