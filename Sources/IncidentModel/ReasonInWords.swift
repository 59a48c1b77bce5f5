extension String {
  /// A reason as people read it: a code that it begins with, `no_outcome: …`, in words.
  public var reasonInWords: String {
    guard let colon = firstIndex(of: ":"), UnknownReason(rawValue: String(self[..<colon])) != nil else { return self }
    return self[..<colon].split(separator: "_").joined(separator: " ") + self[colon...]
  }
}
