/// Somebody to call: a person or role of the team, or a service outside. Empty texts: nobody has written it down yet.
public struct Contact: Sendable, Hashable {
  /// What other files call it: `on-call-engineer`.
  public var id: String
  public var role: String
  public var name: String
  public var phone: String
  public var email: String
  /// Other ways to reach it, in the order of the file: `channel`, `url`…
  public var other: [Way]
  /// A service outside the team; not part of the escalation.
  public var isService: Bool

  public struct Way: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(
    id: String = "", role: String = "", name: String = "", phone: String = "", email: String = "",
    other: [Way] = [], isService: Bool = false
  ) {
    self.id = id
    self.role = role
    self.name = name
    self.phone = phone
    self.email = email
    self.other = other
    self.isService = isService
  }

  /// True when nothing tells how to reach it.
  public var isUnreachable: Bool { phone.isEmpty && email.isEmpty && other.allSatisfy(\.value.isEmpty) }
}
