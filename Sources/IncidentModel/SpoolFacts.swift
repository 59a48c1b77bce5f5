/// The journal could not take the record of a run any more: its emergency steps went on with a spool as their record,
/// and its other steps were left. The run bears this mark for ever.
public struct RunDegradation: Sendable, Hashable, Codable {
  /// What was wrong with the journal.
  public var why: String
  /// The folder of the spool.
  public var place: String
  /// False where the spool lies in memory: it survives this process, not a restart of the machine.
  public var lasting: Bool
  /// Which spool, as its file is named.
  public var spool: String

  public init(why: String, place: String, lasting: Bool, spool: String) {
    self.why = why
    self.place = place
    self.lasting = lasting
    self.spool = spool
  }
}

/// The records of a spool were brought into the journal.
public struct SpoolArrival: Sendable, Hashable, Codable {
  public var spool: String
  /// How many records were found good.
  public var records: Int
  /// The numbers that should be there and are not: `4`, `7-9`.
  public var missing: [String]
  /// The head of the journal that the spool followed, as `SEQUENCE:HASH`; `nil`: it was not known.
  public var follows: String?
  /// True when this journal has that entry.
  public var linked: Bool

  public init(spool: String, records: Int, missing: [String], follows: String?, linked: Bool) {
    self.spool = spool
    self.records = records
    self.missing = missing
    self.follows = follows
    self.linked = linked
  }
}
