import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("ContactsExist")
struct ContactsExistTests {
  private static let steps = """
    steps:
      - {id: one, incident: {escalate: ①on-call-enginer}}
      - {id: two, incident: {escalate: on-call-engineer}}
      - {id: three, incident: {escalate: ②nobody-at-all}}
      - {id: four, incident: {escalate: next}}
      - {id: five, incident: {escalate: hosting}}
    """

  private func library(contacts: String?) throws -> (PlaybookLibrary, TemporaryFolder) {
    let folder = try TemporaryFolder()
    if let contacts { try folder.write(contacts, to: "contacts.yaml") }
    return (PlaybookLibrary(directory: folder.path), folder)
  }

  @Test("whoever is called and stands in no list is warned of, and keeps nothing from running")
  func missing() throws {
    let (library, folder) = try library(
      contacts: """
        format: 1
        contacts: [{id: on-call-engineer, role: On-call, phone: "1"}, {role: Lead, phone: "2"}]
        services: [{id: hosting, name: Hosting, url: https://example.com}]
        """)
    defer { withExtendedLifetime(folder) {} }
    expectFindings(
      [
        .warning(at: "①", "no contact is named 'on-call-enginer'", hint: "did you mean 'on-call-engineer'?"),
        .warning(
          at: "②", "no contact is named 'nobody-at-all'", hint: "write it into contacts.yaml, or escalate: next"),
      ], in: Self.steps, warnings: true, library: library)
  }

  @Test(
    "without a list, or with one that cannot be read, nothing is said",
    arguments: [nil, "format: 1\ncontacts: nobody\n"])
  func noList(_ contacts: String?) throws {
    let (library, folder) = try library(contacts: contacts)
    defer { withExtendedLifetime(folder) {} }
    expectFindings([], in: Self.steps, warnings: true, library: library)
    expectFindings([], in: Self.steps, warnings: true)
  }
}
