import IncidentModel
import Testing

@testable import Playbooks

@Suite("Every key arrives in the model")
struct WholePlaybookTests {
  private let playbook: Playbook

  init() throws {
    let result = PlaybookLoader(library: nil).load(text: wholePlaybook, file: "test.yaml")
    #expect(result.diagnostics.map(\.text) == [])
    playbook = try #require(result.playbook)
  }

  @Test("the head of the file")
  func head() {
    #expect(playbook.severity == .p1)
    #expect(playbook.tags == ["a", "2031"])
    #expect(playbook.review == Review(last: "2031-05-14", every: .seconds(30 * 86_400)))
    #expect(playbook.confirmationWord == "PAUSE")
    #expect(playbook.inverse == "back")
    #expect(playbook.prerequisites == [Prerequisite(id: "audit_complete", ask: "Is it complete?")])
    #expect(
      playbook.targets == [Target(name: "contain", limit: .seconds(300)), Target(name: "notify", limit: .seconds(900))])
    #expect(playbook.params.map(\.name) == ["flag", "name", "count", "side", "watch", "pin"])
    #expect(
      playbook.params[2]
        == Parameter(name: "count", kind: .integer, defaultValue: .number(3), min: Number(1), max: Number(10)))
    #expect(playbook.params[4].defaultValue == .duration(.seconds(1800)))
    #expect(playbook.connections == ["database", "api", "chain", "discord"])
    #expect(playbook.schedule == .every(.seconds(43_200)))
    #expect(playbook.drill == .seconds(90 * 86_400))
    #expect(
      playbook.handlers.all.map(\.id.rawValue) == [
        "on-success", "on-failure", "on-cancelled", "on-waiting", "on-always",
      ])
    #expect(playbook.source.digest.count == 64)
  }

  @Test("a recorded playbook is read by its form, whatever the rules say today")
  func recorded() {
    let text = completed("steps:\n  - {id: one, retry: {max: 3}, command: {run: [date]}, when: params.gone}")
    let loader = PlaybookLoader(library: nil)
    #expect(loader.load(text: text, file: "test.yaml").playbook == nil)
    #expect(loader.loadRecorded(text: text, file: "test.yaml").playbook?.steps.count == 1)
  }

  @Test("a step and its check")
  func step() throws {
    let step = playbook.steps[0].children[0]
    #expect(step.id == "change")
    #expect(step.when?.source == "params.flag and prerequisites.audit_complete")
    #expect(step.effect == .destructive)
    #expect(step.idempotent && step.exactlyOnce && step.emergency && step.sensitive && step.critical)
    #expect(step.expect?.source == "row_count == 1")
    #expect(step.register.map(\.name) == ["changed"])
    #expect(step.timeout == .seconds(60))
    #expect(step.onFailure == .stop)
    #expect(step.location == SourceLocation(file: "test.yaml", line: 32, column: 9))
    guard case .sql(let action) = step.action, case .playbook("back")? = step.undo else {
      Issue.record("another action: \(step.action)")
      return
    }
    #expect(action.statement == "UPDATE t SET v = $1 WHERE k = $2")
    #expect(action.bind.map(\.source) == ["${params.name}", "5"])
    #expect(action.rows == RowContract(min: 1, max: 3))
    #expect(action.lockTimeout == .seconds(2))
    let check = try #require(step.verify)
    #expect(check.until?.source == "rows[0].v == params.name")
    #expect(check.inconclusive?.source == "row_count == 0")
    #expect((check.every, check.within) == (.milliseconds(500), .seconds(10)))
  }

  @Test("a request")
  func request() throws {
    let step = playbook.steps[0].children[1]
    guard case .http(let action) = step.action, case .json(let body)? = action.body, case .step(let undo)? = step.undo
    else {
      Issue.record("another action: \(step.action)")
      return
    }
    #expect(action.method == .post)
    #expect(action.path.source == "/x/${params.name}")
    #expect(action.query.map(\.name) == ["q"])
    #expect(action.headers.map(\.value.source) == ["${run.id}"])
    #expect(action.status == [200, 201])
    #expect(action.follow)
    #expect(
      try body.value(in: Names(["params": .map(["name": .text("n")])]))["a"]
        == .list([.number(1), .bool(true), .null, .text("n")]))
    #expect(undo.id == "take-back")
  }

  @Test("branches, commands and scripts")
  func branches() {
    guard case .branch(let condition, let then, let otherwise) = playbook.steps[1].action,
      case .command(let command) = then[0].action, case .shell(let shell) = otherwise[0].action
    else {
      Issue.record("another action: \(playbook.steps[1].action)")
      return
    }
    #expect(condition.source == "vars.changed == 1")
    #expect(command.arguments.map(\.source) == ["cast", "call", "${connections.chain.contract}", "paused()(bool)"])
    #expect(command.directory == "/tmp")
    #expect(command.exits == [0, 1])
    #expect(command.timeout == .seconds(120))
    #expect(then[0].timeout == .seconds(120))
    #expect(shell.script == "echo \"$NAME ${HOME}\"\n")
    #expect(shell.exits == [0])
    #expect(playbook.steps[1].id == "steps[1]")
  }

  @Test("people, messages and pauses")
  func people() {
    guard case .manual(let manual) = playbook.steps[2].action, case .monitor(let monitor) = playbook.steps[5].action,
      case .wait(let pause) = playbook.steps[4].action, case .playbook(let other) = playbook.steps[8].action
    else {
      Issue.record("other actions")
      return
    }
    #expect(manual.answer == .choice)
    #expect(manual.choices == ["a", "b"])
    #expect(manual.checklist.count == 2)
    #expect(manual.confirm)
    #expect(!playbook.steps[3].critical)
    #expect(pause == .seconds(30))
    #expect(monitor.length.source == "${params.watch}")
    #expect(monitor.failWhen?.source == "json.enabled == false")
    #expect(other.with.map(\.name) == ["count"])
  }
}
