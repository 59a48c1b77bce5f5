internal import Actions
internal import Engine
internal import Foundation
import IncidentModel
import Playbooks

/// One look of a monitor: makes its probe, and judges what it reads. Changes nothing, anywhere.
struct MonitorProbe: Sendable {
  private let checks: CheckMaker
  private let connections: ConnectionBook
  private let redactor: Redactor

  init(_ equipment: Equipment) {
    checks = CheckMaker(
      performer: equipment.performer, connections: equipment.connections, redactor: equipment.redactor,
      time: equipment.time)
    connections = equipment.connections
    redactor = equipment.redactor
  }

  func look(_ monitor: Monitor) async -> MonitorReading {
    do throws(Failure) {
      return try await judge(monitor)
    } catch {
      return MonitorReading(.missed, redactor.redact(error.sentence))
    }
  }

  private func judge(_ monitor: Monitor) async throws(Failure) -> MonitorReading {
    let probe = Check(
      probe: monitor.probe, until: nil, every: monitor.every, within: monitor.every, location: monitor.location)
    let names = try await names(in: [monitor.breach] + [monitor.measure].compactMap { $0 })
    var outputs: [String: Value] = [:]
    var sum = Decimal()
    for number in 1...monitor.samples {
      let mark = AttemptMark(
        run: RunID(number: 0), step: StepID(monitor.id), attempt: number,
        idempotencyKey: String(digest(of: ["monitor", monitor.id]).prefix(32)))
      outputs = try await checks.outputs(of: probe, names: Names(), mark: mark).get()
      if let measure = monitor.measure { sum += try value(of: measure, in: names.adding(outputs)) }
    }
    var text = ReadingText.text(of: outputs, redactor) ?? ""
    if monitor.measure != nil {
      let average = Number(sum / Decimal(monitor.samples))
      outputs["average"] = .number(average)
      text =
        "average \(average.rounded) of \(monitor.samples == 1 ? "1 sample" : "\(monitor.samples) samples"); \(text)"
    }
    return verdict(of: monitor, names.adding(outputs), outputs, redactor.redact(text))
  }

  private func verdict(
    of monitor: Monitor, _ names: Names, _ outputs: [String: Value], _ text: String
  ) -> MonitorReading {
    do throws(EvaluationError) {
      return MonitorReading(try monitor.breach.holds(in: names) ? .breached : .fine, text)
    } catch {
      guard let vacancy = Self.vacancy(of: outputs) else {
        return MonitorReading(
          .missed, redactor.redact("\(error.message)\(ReadingText.missingJSON(in: outputs)); \(text)"))
      }
      return switch monitor.onNull {
      case .breach: MonitorReading(.breached, "\(vacancy), which counts as a breach; \(text)")
      case .ok: MonitorReading(.fine, "\(vacancy), which counts as ok; \(text)")
      case .unknown: MonitorReading(.missed, "\(vacancy); \(text)")
      }
    }
  }

  /// Why a database's answer cannot be judged: it is empty where a value should be.
  private static func vacancy(of outputs: [String: Value]) -> String? {
    guard case .list(let rows)? = outputs["rows"] else { return nil }
    guard case .map(let first)? = rows.first else { return "the database returned no row" }
    let columns = first.filter { $0.value == .null }.keys.sorted()
    return columns.isEmpty ? nil : "the database returned NULL for \(columns.joined(separator: ", "))"
  }

  /// The fields of connections that the expressions read.
  private func names(in expressions: [Playbooks.Expression]) async throws(Failure) -> Names {
    let values = try await connections.values(for: expressions.flatMap(\.references))
    return values.isEmpty ? Names() : Names(["connections": .map(values)])
  }

  private func value(of measure: Playbooks.Expression, in names: Names) throws(Failure) -> Decimal {
    let value: Value
    do { value = try measure.evaluate(in: names) } catch { throw Failure(.badValue, "measure: \(error.message)") }
    guard case .number(let number) = value else {
      throw Failure(
        .badValue, "measure: '\(measure.source)' is \(value.kind), not a number", advice: "Convert it with number(…).")
    }
    return number.decimal
  }
}

extension Number {
  /// To three places, for people.
  fileprivate var rounded: String {
    var (exact, result) = (decimal, Decimal())
    NSDecimalRound(&result, &exact, 3, .plain)
    return result.description
  }
}
