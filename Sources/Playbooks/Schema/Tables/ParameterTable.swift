internal import IncidentModel
internal import Yams

/// `params: {NAME: {type: bool, default: false}}`
enum ParameterTable {
  static let type = Field<Parameter.Kind>(
    "type", .choice(Parameter.Kind.self), required: true, "What kind of value")
  static let fallback = Field<String>("default", .literal, "The value when none is given")
  static let required = Field<Bool>("required", .bool, "A run cannot begin without it")
  static let ask = Field<String>("ask", .plainText, "The question to ask a person for it")
  static let choices = Field<[String]>("choices", .list(.literal, least: 1), "The values to choose from")
  static let pattern = Field<String>("pattern", .literal, "A regular expression that the whole text must match")
  static let min = Field<Number>("min", .number, "The smallest number")
  static let max = Field<Number>("max", .number, "The largest number")
  static let secret = Field<Bool>("secret", .bool, "Never shown, never stored")

  static let table = ObjectTable(
    "param", title: "a param", "A value that comes from outside",
    [type.info, fallback.info, required.info, ask.info, choices.info, pattern.info, min.info, max.info, secret.info])

  static let kind = Kind<[(name: String, value: Parameter)]>.map(
    names: Words.identifier, fits: Words.isIdentifier,
    Kind<Parameter>(.object("param")) { input, reading in
      reading.section(input, table).map { parameter(named: input.key, $0) }
    }
  ).map { $0.map(\.value) }

  private static func parameter(named name: String, _ section: Section) -> Parameter {
    var parameter = Parameter(name: name, kind: section[type] ?? .text)
    parameter.required = section[required] ?? false
    parameter.ask = section[ask]
    parameter.choices = section[choices] ?? []
    parameter.min = section[min]
    parameter.max = section[max]
    parameter.secret = section[secret] ?? false
    let pattern = section[pattern]
    checkFit(parameter, section)
    if let pattern {
      if (try? Pattern(pattern)) != nil { parameter.pattern = pattern } else { badPattern(pattern, section) }
    }
    if let text = section[fallback], section[type] != nil {
      do throws(Problem) { parameter.defaultValue = try parameter.value(of: text) } catch {
        let place = section.node("default")?.place ?? section.place
        section.reading.error(at: place, "the default of \(error.message)", hint: error.advice)
      }
    }
    return parameter
  }

  private static func checkFit(_ parameter: Parameter, _ section: Section) {
    let reading = section.reading
    let isNumber = parameter.kind == .number || parameter.kind == .integer
    for key in ["min", "max"] where !isNumber && section.has(type) {
      guard let entry = section.entry(key) else { continue }
      reading.error(at: entry.keyPlace, "'\(key)' belongs to a number, but '\(parameter.name)' is \(parameter.kind)")
    }
    if let min = parameter.min, let max = parameter.max, min > max, let entry = section.entry("min") {
      reading.error(at: entry.keyPlace, "'min' is \(min), which is more than 'max': \(max)")
    }
    if parameter.kind == .choice, section.node("choices") == nil {
      reading.error(at: section.place, "a param of type choice needs 'choices'", hint: "choices: [one, other]")
    }
    if parameter.required, let entry = section.entry("default") {
      reading.warning(
        at: entry.keyPlace, "a required param is never left to its default",
        hint: "keep one of 'required' and 'default'")
    }
  }

  private static func badPattern(_ pattern: String, _ section: Section) {
    section.reading.error(
      at: section.node("pattern")?.place ?? section.place,
      "'\(pattern.excerpt)' is not a regular expression that can be used",
      hint: "try it on a short text first; single quotes keep '\\' as it is")
  }
}
