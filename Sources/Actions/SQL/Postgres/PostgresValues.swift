internal import Foundation
internal import IncidentModel

/// How values travel to PostgreSQL and back. Both ways it is text; the server infers the types of parameters.
enum PostgresValues {
  /// The parameters of a statement; `nil` stands for NULL. Throws for a value that cannot be sent as it is.
  static func parameters(_ bindings: [Value]) throws(Failure) -> [String?] {
    var parameters: [String?] = []
    for (index, value) in bindings.enumerated() {
      if case .absent = value { throw BindingFailure.absent(number: index + 1) }
      let text = value == .null ? nil : value.displayText
      // A C string would end there, and the rest of the value would be lost in silence.
      if text?.utf8.contains(0) == true { throw BindingFailure.holdsNUL(number: index + 1) }
      parameters.append(text)
    }
    return parameters
  }

  /// Reads a column by the OID of its type. What has no counterpart, or would lose digits, stays text.
  static func value(_ text: String?, type: UInt32) -> Value {
    guard let text else { return .null }
    switch type {
    case 16: return .bool(text == "t")
    case 20, 21, 23, 26, 700, 701, 1700: return Number(text).map(Value.number) ?? .text(text)
    case 114, 3802: return (try? Value.json(Data(text.utf8))) ?? .text(text)
    default: return .text(text)
    }
  }
}

/// Why a value cannot stand where the playbook binds it.
enum BindingFailure {
  static func absent(number: Int) -> Failure {
    Failure(
      .badValue, "the value for $\(number) is absent",
      advice: "the step it comes from did not run, or has no output of that name; default(value, …) gives a fallback")
  }

  static func holdsNUL(number: Int) -> Failure {
    Failure(
      .badValue, "the value for $\(number) holds a NUL character, which a database cannot keep in text",
      advice: "remove the NUL character where the value is made")
  }

  static let statementHoldsNUL = Failure(.badValue, "the statement holds a NUL character", advice: nil)
}
