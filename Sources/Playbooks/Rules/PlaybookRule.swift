internal import IncidentModel

/// One thing that must hold, or should hold, in every playbook. Its message stands at the end of its file.
protocol PlaybookRule: Sendable {
  func check(_ playbook: Playbook, report: RuleReport)
}

extension PlaybookLoader {
  /// In no particular order: what they find is sorted by place.
  static let rules: [any PlaybookRule] = [
    IDMatchesFile(), IDsAreUnique(), ConnectionsAreListed(), TargetsAreDeclared(), NamesAreKnown(),
    SQLHasNoTemplate(), SQLIsOneStatement(), PlaceholdersMatchBindings(), ChangesCountRows(), EffectsAreHonest(),
    ChecksOnlyRead(), ChecksHaveTime(), IdempotentIsVerified(), RetriesAreSafe(), ExactlyOnceIsSQL(),
    EmergencyIsSafe(), EmergencyLeadsToSafety(), ScriptsHaveNoTemplate(), ProgramsAreFixed(),
    SecretsStayOffCommandLines(), SecretsAreReferences(), PlaybooksExist(), CallsEnd(), MessagesExist(),
    ContactsExist(),
    BlanksAreFilled(), DestructionHasAWayBack(),
    ChangesAreLimited(), ChangesAreVerified(), ReviewIsDue(), CommandsEnd(), StepsCanBeReached(), TargetsCanBeMet(),
  ]
}
