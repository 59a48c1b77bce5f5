/// A large part that few have, kept outside of the value it belongs to: a playbook of thousands of steps is kept in
/// memory, and each step has room for one.
@propertyWrapper
public enum Rare<Part: Sendable>: Sendable {
  case none
  indirect case some(Part)

  public init(wrappedValue: Part?) { self = wrappedValue.map { .some($0) } ?? .none }

  public var wrappedValue: Part? {
    get { if case .some(let part) = self { part } else { nil } }
    set { self = Rare(wrappedValue: newValue) }
  }
}
