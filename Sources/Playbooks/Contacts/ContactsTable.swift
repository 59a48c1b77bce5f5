internal import IncidentModel
internal import Yams

/// `contacts.yaml`
enum ContactsTable {
  static let format = Field<Int>("format", PlaybookTable.formatKind, required: true, "The version of this format: 1")
  static let contacts = Field<[Contact]>(
    "contacts", .list(ContactTable.kind), required: true, "The team, in order of escalation")
  static let services = Field<[Contact]>("services", .list(ContactTable.kind), "Services outside the team")

  static let table = ObjectTable(
    "contacts", title: "a list of contacts", "Who to call", [format.info, contacts.info, services.info])

  /// The team first, in order of escalation; then the services.
  static func contacts(_ section: Section) -> [Contact] {
    _ = section[format]
    let services = (section[services] ?? []).map { service in
      var service = service
      service.isService = true
      return service
    }
    return (section[contacts] ?? []) + services
  }
}

/// `{id: on-call-engineer, role: …, name: …, phone: …, email: …}`, and any other way to reach it
enum ContactTable {
  static let id = Field<String>("id", .slug, "What other files call it")
  static let role = Field<String>("role", .optionalText, "Such as On-call Engineer")
  static let name = Field<String>("name", .optionalText, "Who it is now")
  static let phone = Field<String>("phone", .optionalText, "With the country code")
  static let email = Field<String>("email", .optionalText, "Address")
  static let channel = Field<String>("channel", .optionalText, "Where they read: a chat, a support page")
  static let url = Field<String>("url", .optionalText, "Address of a page")
  static let note = Field<String>("note", .optionalText, "What else to know")

  static let table = ObjectTable(
    "contact", title: "a contact", "Somebody to call",
    [id.info, role.info, name.info, phone.info, email.info, channel.info, url.info, note.info])

  static let kind = Kind<Contact>.object(table, named: "contact") { section in
    var contact = Contact(
      id: section[id] ?? "", role: section[role] ?? "", name: section[name] ?? "", phone: section[phone] ?? "",
      email: section[email] ?? "")
    for field in [channel, url, note] where section.has(field) {
      contact.other.append(Contact.Way(name: field.key, value: section[field] ?? ""))
    }
    warnOfBlanks(contact, section)
    return contact
  }

  private static func warnOfBlanks(_ contact: Contact, _ section: Section) {
    let reading = section.reading
    for entry in section.entries {
      guard case .scalar(let scalar) = entry.node, let blank = Blank.find(in: scalar.string, prose: true) else {
        continue
      }
      reading.warning(at: entry.node.place, "'\(blank)' is still to be filled in")
    }
    if contact.role.isEmpty, contact.name.isEmpty, !section.has(role), !section.has(name) {
      reading.error(at: section.place, "a contact needs a 'role' or a 'name'", hint: "role: On-call Engineer")
    } else if contact.isUnreachable {
      let title = contact.role.isEmpty ? contact.name : contact.role
      reading.warning(
        at: section.place, "nothing tells how to reach '\(title.excerpt)'", hint: "write a phone number or an address")
    }
  }
}
