import IncidentModel
import Testing

@testable import Playbooks

@Suite("What this format refuses of YAML is refused with its place, before it could do harm")
struct RefusedYAMLTests {
  @Test("anchors, aliases and tags are pointed at")
  func anchors() {
    expectFindings(
      [
        .error(at: "①", "anchors are not used here: '&base'"), .error(at: "②", "aliases are not used here: '*base'"),
        .error(at: "③", "tags are not used here: '!!str'"), .error(at: "④", "aliases are not used here: '*base'"),
      ],
      in: """
        tags: ①&base [a, b]
        owner: ②*base
        description: ③!!str 5
        when_to_use: [④*base]
        """)
  }

  @Test("the same signs inside texts are just text")
  func signsInTexts() throws {
    let playbook = try playbook(
      """
      name: "*a and &b"
      description: 'it''s !important, &c.'
      owner: a & b ! c * d
      tags: [x*y, "[&z]", 'a: &b']
      when_to_use:
        - |
          *not an alias
            &not an anchor
          !not a tag
        - >-
          %not a directive
          # not a comment
      steps:
        - id: one
          sql: {connection: database, run: "SELECT * FROM a WHERE b = '&c' -- *d"}
        - id: two
          sql:
            connection: database
            run: SELECT *
              FROM a -- &b
        - id: three
          shell:
            run: |2
                *indented &more
              !less
      """)
    #expect(playbook.name == "*a and &b")
    #expect(
      playbook.whenToUse == ["*not an alias\n  &not an anchor\n!not a tag\n", "%not a directive # not a comment"])
    #expect(playbook.tags == ["x*y", "[&z]", "a: &b"])
  }

  @Test("a second document, a directive and a merge key are pointed at")
  func others() {
    expectFindings(
      [.error(at: "①", "a second document begins here")],
      in: "tags: [a]\n①---\nformat: 1\nid: b\nname: c\nreview: {last: , every: 1d}\nconnections: []\nsteps: []")
    expectFindings(
      [.error(at: "①", "merge keys are not used here")], in: "targets: {①<<: 5m}")
    let directive = PlaybookLoader(library: nil).load(text: "%YAML 1.2\n---\n" + completed(""), file: "test.yaml")
    #expect(directive.errors.map(\.message) == ["directives are not used here: '%YAML 1.2'"])
  }

  @Test("one document may be begun and ended by its markers")
  func oneDocument() {
    let result = PlaybookLoader(library: nil).load(
      text: "# first\n---\n\(completed(""))...\n# last\n", file: "test.yaml")
    #expect(result.errors == [])
    #expect(result.playbook != nil)
  }

  @Test("a tab as indentation is called a tab")
  func tab() {
    expectFindings(
      [.error(at: "①", "a tab stands in the indentation", hint: "use spaces; YAML does not count tabs")],
      in: "targets:\n①\tcontain: 5m")
    expectFindings([.error(at: "①", "a tab stands in the indentation")], in: "tags: [a]\n①\t\nowner: b")
    expectFindings(
      [.error(at: "①", "a tab stands in the indentation")],
      in: "steps:\n  - id: one\n    shell:\n      run: |\n        echo a\n      ①\techo b")
  }

  @Test("tabs elsewhere are text and space")
  func otherTabs() throws {
    let playbook = try playbook("name: a\tb\ntags: [a,\tb]\t# c\n  \nowner: d\t")
    #expect(playbook.name == "a\tb")
    #expect(playbook.tags == ["a", "b"])
  }

  @Test("alias bombs are refused in less than a quarter of a second, and never expanded", arguments: [9, 30])
  func bomb(_ levels: Int) {
    var values = "x0: &x0 [lol, lol, lol]\n"
    var keys = "- &k0 x\n"
    for level in 1...levels {
      let items = Array(repeating: "*x\(level - 1)", count: 9).joined(separator: ", ")
      values += "x\(level): &x\(level) [\(items)]\n"
      keys += "- &k\(level) {*k\(level - 1) : 1, b: *k\(level - 1)}\n"
    }
    for text in [values, keys] {
      let clock = ContinuousClock()
      let time = clock.measure {
        let result = PlaybookLoader(library: nil).load(text: text, file: "test.yaml")
        #expect(result.playbook == nil)
        #expect(result.errors.contains { $0.message.hasPrefix("anchors are not used here") })
        #expect(result.errors.count <= 10)
      }
      #expect(time < .milliseconds(250))
    }
  }

  @Test("64 levels are read, 65 are refused", arguments: [(64, true), (65, false)])
  func depth(_ levels: Int, isRead: Bool) throws {
    // The file, its list of steps, the step and the action are four levels.
    let nested = String(repeating: "[", count: levels - 4) + String(repeating: "]", count: levels - 4)
    let result = load(
      "steps:\n  - id: one\n    http:\n      connection: api\n      post: /x\n      json: \(nested)\n    verify: {assert: {that: \"true\"}}"
    )
    #expect((result.playbook != nil) == isRead, "\(result.errors.map(\.text))")
    if !isRead { #expect(result.errors.map(\.message) == ["this is nested deeper than 64 levels"]) }
  }

  @Test("brackets a hundred thousand deep are refused at once", arguments: ["[", "{", "- ", "? ", "a: {"])
  func bottomless(_ opening: String) {
    let text = "x: " + (opening == "- " || opening == "? " ? "\n" : "") + String(repeating: opening, count: 100_000)
    let time = ContinuousClock().measure {
      let result = PlaybookLoader(library: nil).load(text: text, file: "test.yaml")
      #expect(result.errors.map(\.message) == ["this is nested deeper than 64 levels"])
    }
    #expect(time < .seconds(1))
  }

  @Test("more values than any procedure has are refused unparsed")
  func tooMany() {
    func message(_ text: String) -> [String] {
      PlaybookLoader(library: nil).load(text: text, file: "test.yaml").errors.map(\.message)
    }
    #expect(message(String(repeating: "a: 1\n", count: 300_000)) == ["this holds more than 2000 keys"])
    #expect(message("x:\n" + String(repeating: "- 1\n", count: 300_000)) == ["this list has more than 20000 items"])
    let many = "  - [" + String(repeating: "1,", count: 15_000) + "]\n"
    #expect(
      message("x:\n" + String(repeating: many, count: 20)) == ["the file holds more than 500000 keys, values and items"]
    )
  }

  @Test("an empty file says how to begin", arguments: ["", "\n\n", "# nothing\n", "---\n"])
  func empty(_ text: String) {
    let result = PlaybookLoader(library: nil).load(text: text, file: "test.yaml")
    #expect(result.playbook == nil)
    #expect(result.errors.count == 1)
    #expect(result.errors.first?.hint != nil)
  }
}
