internal import Foundation
internal import GRDB
internal import IncidentModel

/// How values travel to SQLite and back.
enum SQLiteValues {
  /// In the order of `$1`, `$2`… Throws for a value that cannot be stored as it is.
  static func arguments(_ bindings: [Value]) throws(Failure) -> StatementArguments {
    var arguments: [any DatabaseValueConvertible] = []
    for (index, value) in bindings.enumerated() {
      if case .absent = value { throw BindingFailure.absent(number: index + 1) }
      if value.displayText.utf8.contains(0) { throw BindingFailure.holdsNUL(number: index + 1) }
      arguments.append(databaseValue(value))
    }
    return StatementArguments(arguments)
  }

  private static func databaseValue(_ value: Value) -> DatabaseValue {
    switch value {
    case .null, .absent: .null
    case .bool(let flag): (flag ? 1 : 0).databaseValue
    case .number(let number): databaseValue(number)
    case .text, .duration, .list, .map: value.displayText.databaseValue
    }
  }

  /// SQLite's numbers hold 64-bit integers and about 15 digits of anything else; more than that travels as text.
  private static func databaseValue(_ number: Number) -> DatabaseValue {
    if let integer = Int64(number.decimal.description) { return integer.databaseValue }
    let digits = number.description.filter(\.isNumber).count
    if digits <= 15, let double = Double(number.description) { return double.databaseValue }
    return number.description.databaseValue
  }

  static func value(_ stored: DatabaseValue) -> Value {
    switch stored.storage {
    case .null: .null
    case .int64(let integer): Number(String(integer)).map(Value.number) ?? .text(String(integer))
    case .double(let double): Number("\(double)").map(Value.number) ?? .text("\(double)")
    case .string(let text): .text(text)
    case .blob(let bytes): .text(hex(bytes))
    }
  }

  private static func hex(_ bytes: Data) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
