extension StartingPlaybook {
  /// Notes the old value, sets the new one, and can go back.
  var configuration: String {
    #"""
    format: 1
    id: \#(id)
    name: \#(name)
    description: TODO - which setting, and what it does to users
    severity: P3 # what an incident opened by it gets
    owner: # who keeps it correct
    tags: [configuration]
    review: {last: , every: 30d} # the day somebody last read it through: 2031-05-14
    when_to_use: ["TODO - what calls for another value"]

    params:
      value: {type: integer, required: true, min: 1, max: 1000, ask: "Which value?"} # the limits of sense

    connections: [database] # what they are stands in environments/NAME.yaml

    steps:
      - id: before
        name: The value now
        sql: {connection: database, run: SELECT value FROM trades_config WHERE key = 'SOME_SETTING'}
        expect: row_count == 1
        verify: {assert: {that: row_count == 1}}
        register: {before: "rows[0].value"} # what undo goes back to

      - id: set
        name: "TODO - the setting: from ${default(vars.before, '?')} to ${params.value}"
        effect: write
        idempotent: true
        sql:
          connection: database
          run: UPDATE trades_config SET value = $1::text WHERE key = 'SOME_SETTING'
          bind: ["${text(params.value)}"]
          expect: {rows: 1} # any other count is rolled back
          lock_timeout: 2s
        verify: # read back, not believed
          sql: {connection: database, run: SELECT value FROM trades_config WHERE key = 'SOME_SETTING'}
          until: rows[0].value == text(params.value)
        undo: # only offered, never done by itself
          id: set-back
          name: "Back to ${default(vars.before, '?')}"
          sql:
            connection: database
            run: UPDATE trades_config SET value = $1::text WHERE key = 'SOME_SETTING'
            bind: ["${vars.before}"]
            expect: {rows: 1}
          verify:
            sql: {connection: database, run: SELECT value FROM trades_config WHERE key = 'SOME_SETTING'}
            until: rows[0].value == vars.before
    """#
  }
}
