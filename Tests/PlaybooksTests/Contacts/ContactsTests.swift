import IncidentModel
import Testing

@testable import Playbooks

@Suite("Contacts are in order of escalation")
struct ContactsTests {
  private func read(_ yaml: String) -> ([Contact]?, MarkedText, [Diagnostic]) {
    let marked = MarkedText(yaml)
    let (contacts, diagnostics) = DataFile.load(
      Array(marked.text.utf8), file: "contacts.yaml", ContactsTable.table, ContactsTable.contacts)
    return (contacts, marked, diagnostics)
  }

  @Test("the team first, then services; what nobody knows yet is empty")
  func order() throws {
    let (contacts, _, diagnostics) = read(
      """
      format: 1
      contacts:
        - {id: on-call, role: On-call Engineer, name: , phone: +44 1, email: }
        - {role: Lead, email: lead@example.com, channel: "#ops"}
      services:
        - {name: Host, url: https://status.example}
      """)
    #expect(diagnostics == [])
    #expect(
      contacts == [
        Contact(id: "on-call", role: "On-call Engineer", phone: "+44 1"),
        Contact(role: "Lead", email: "lead@example.com", other: [Contact.Way(name: "channel", value: "#ops")]),
        Contact(name: "Host", other: [Contact.Way(name: "url", value: "https://status.example")], isService: true),
      ])
  }

  @Test("blanks and people whom nobody can reach are warned of")
  func blanks() {
    let (_, marked, diagnostics) = read(
      """
      format: 1
      contacts:
        - {role: Lead, phone: ①"[phone number]"}
        - ②{role: Backup, phone: "", email: }
        - ③{phone: "1"}
        - {role: Lead, ④phnoe: "1", email: a@b.c}
      """)
    expectFindings(
      [
        .warning(at: "①", "'[phone number]' is still to be filled in"),
        .warning(at: "②", "nothing tells how to reach 'Backup'"),
        .error(at: "③", "a contact needs a 'role' or a 'name'"),
        .error(at: "④", "a contact has no key 'phnoe'", hint: "did you mean 'phone'?"),
      ], marked, diagnostics)
  }
}
