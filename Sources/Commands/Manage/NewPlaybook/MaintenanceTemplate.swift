extension StartingPlaybook {
  /// Looks, changes what it counted, and looks again.
  var maintenance: String {
    #"""
    format: 1
    id: \#(id)
    name: \#(name)
    description: TODO - what it keeps in order, and what happens when nobody does it
    severity: P3 # what an incident opened by it gets
    owner: # who keeps it correct
    tags: [maintenance]
    review: {last: , every: 30d} # the day somebody last read it through: 2031-05-14
    when_to_use: ["TODO - besides its schedule"]
    schedule: weekly # daily, weekly, monthly, or {every: 12h}
    confirm: \#(word) # the word that destructive steps ask for

    params:
      days: {type: integer, default: 30, min: 7, ask: "What is older than how many days goes?"}

    connections: [database] # what they are stands in environments/NAME.yaml

    steps:
      - id: preview
        name: What would go
        sql:
          connection: database
          run: |
            SELECT count(*) AS old FROM trades_orders
            WHERE status = 'expired' AND created_at < now() - make_interval(days => $1::int)
          bind: ["${params.days}"]
        verify: {assert: {that: row_count == 1}}
        register: {old: "rows[0].old"} # later steps say vars.old

      - id: clean-up
        name: "TODO - what goes: ${default(vars.old, 'some')} rows"
        when: vars.old > 0
        effect: destructive
        idempotent: true
        sql:
          connection: database
          run: |
            DELETE FROM trades_orders
            WHERE status = 'expired' AND created_at < now() - make_interval(days => $1::int)
          bind: ["${params.days}"]
          expect: {rows: {min: 1, max: 100000}} # more than anybody expects is rolled back
          lock_timeout: 2s
        timeout: 5m
        verify: # read back, not believed
          sql:
            connection: database
            run: |
              SELECT count(*) AS old FROM trades_orders
              WHERE status = 'expired' AND created_at < now() - make_interval(days => $1::int)
            bind: ["${params.days}"]
          until: rows[0].old == 0
        undo: # only offered, never done by itself
          id: restore
          name: Take it back
          manual: {ask: TODO - where a copy of what was deleted is found, answer: {type: text}}
    """#
  }
}
