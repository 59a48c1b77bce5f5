import IncidentModel
internal import Mustache
import Playbooks

/// Writes messages from the templates beside the playbooks: mustache for lists and conditions, `${…}` for single
/// values. One pass: what a value holds is never read as a template.
struct MessageComposer: Sendable {
  let library: PlaybookLibrary
  let environment: String

  func compose(_ action: NotifyAction, id: String, names: Names) throws(Failure) -> Message {
    Message(
      id: id, connection: action.connection, environment: environment, template: action.template,
      text: try text(template: action.template, names: names))
  }

  func text(template name: String, names: Names) throws(Failure) -> String {
    let source: String
    do { source = try library.template(named: name) } catch {
      throw Failure(.notConfigured, error.message, advice: error.advice)
    }
    var context: [String: Any] = [:]
    for (root, value) in names.roots { context[root] = value.mustache }
    if let outcomes = context["outcomes"] { context["steps"] = outcomes }
    return try render(source, name, &context, names)
  }

  private func render(
    _ source: String, _ name: String, _ context: inout [String: Any], _ names: Names
  ) throws(Failure) -> String {
    var mustache = "{{% CONTENT_TYPE:TEXT}}"
    do {
      for (index, segment) in try Template(parsing: source).segments.enumerated() {
        switch segment {
        case .literal(let literal): mustache += literal
        case .expression(let expression):
          context["place\(index)"] = try expression.evaluate(in: names).displayText
          mustache += "{{place\(index)}}"
        }
      }
      let text = try MustacheTemplate(string: mustache).render(context)
      return String(text.drop(while: \.isNewline).reversed().drop(while: \.isWhitespace).reversed())
    } catch let error as ExpressionSyntaxError {
      throw Failure(.badValue, "template '\(name)': \(error.message)", advice: error.hint)
    } catch let error as EvaluationError {
      throw Failure(.badValue, "template '\(name)': \(error.message)")
    } catch {
      throw Failure(.badValue, "template '\(name)' is not mustache: \(error)", advice: "Correct templates/\(name).md.")
    }
  }
}

extension Value {
  fileprivate var mustache: Any {
    switch self {
    case .bool(let flag): flag
    case .list(let items): items.map(\.mustache)
    case .map(let members): members.mapValues(\.mustache)
    // Empty, so that a section over it is left out.
    case .null, .absent: ""
    default: displayText
    }
  }
}
