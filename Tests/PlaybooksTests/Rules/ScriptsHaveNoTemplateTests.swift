import IncidentModel
import Testing

@testable import Playbooks

@Suite("ScriptsHaveNoTemplate")
struct ScriptsHaveNoTemplateTests {
  @Test("one of our values in a script is refused, and the safe form named")
  func template() {
    expectFindings(
      [
        .error(
          at: "①", "a value cannot be written into a script",
          hint: "add env: {VALUE: \"${params.v}\"}, and write \"$VALUE\" in the script")
      ],
      in: """
        params: {v: {type: text, default: x}}
        steps:
          - id: one
            shell:
              run: |
                echo ${HOME}
                echo ①${params.v}
        """)
  }

  @Test(
    "the shell's own syntax is the shell's",
    arguments: ["echo ${HOME}", "echo ${params:-x}", "echo ${#run}", "for i in 1; do echo ${steps}; done"])
  func shell(_ script: String) {
    #expect(load("steps:\n  - id: one\n    shell:\n      run: |\n        \(script)").errors == [])
  }
}
