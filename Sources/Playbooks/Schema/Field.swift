internal import Yams

/// One key of an object: what may stand under it, and what it is for. The loader reads by it and the JSON
/// Schema is written from it, so the two cannot disagree.
struct Field<Value>: Sendable {
  let key: String
  let kind: Kind<Value>
  let required: Bool
  /// One line; editors show it.
  let doc: String

  init(_ key: String, _ kind: Kind<Value>, required: Bool = false, _ doc: String) {
    self.key = key
    self.kind = kind
    self.required = required
    self.doc = doc
  }

  var info: FieldInfo { FieldInfo(key: key, shape: kind.shape, required: required, doc: doc) }
}

/// A field without the type of its value.
struct FieldInfo: Sendable {
  let key: String
  let shape: Shape
  let required: Bool
  let doc: String
}

/// How a value is read, and how a JSON Schema describes it.
struct Kind<Value>: Sendable {
  let shape: Shape
  /// `nil`: it is not there, or it is wrong and that has been reported.
  let read: @Sendable (Input, Reading) -> Value?

  init(_ shape: Shape, read: @escaping @Sendable (Input, Reading) -> Value?) {
    self.shape = shape
    self.read = read
  }

  func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Kind<Other> {
    Kind<Other>(shape) { input, reading in read(input, reading).map(transform) }
  }
}

/// The forms that values take in the file, as far as a JSON Schema can say it.
indirect enum Shape: Sendable {
  /// Anything a person would write without quotes: text, a number, true or false.
  case text
  case optionalText
  /// Text of this form, which no number has.
  case pattern(String)
  /// Text of this form, which a number may have.
  case word(String)
  case integer(least: Int?)
  case number(least: Int?)
  case bool
  case choice([String])
  case list(Shape)
  case oneOrMany(Shape)
  case map(Shape)
  case object(String)
  case either([Shape])
  case null
  case anything
}
