/// What a hash chain on one machine cannot do, said wherever it is relied on.
enum RecordLimits {
  static let sentences = [
    "somebody who controls this machine, or the program, while it writes",
    "entries after the last anchor kept elsewhere, and a journal deleted whole where no anchor is kept",
    "people who say that something was done when it was not",
    "wrong clocks: the order is the order of entries, the times are this machine's",
    "effects of programs that Andon started but could not see",
  ]
}
