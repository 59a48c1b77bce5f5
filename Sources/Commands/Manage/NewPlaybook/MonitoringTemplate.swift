extension StartingPlaybook {
  /// Only reads.
  var monitoring: String {
    #"""
    format: 1
    id: \#(id)
    name: \#(name)
    description: TODO - which question it answers
    severity: P3 # what an incident opened by it gets
    owner: # who keeps it correct
    tags: [monitoring]
    review: {last: , every: 30d} # the day somebody last read it through: 2031-05-14
    when_to_use: ["TODO - when somebody wants to know this"]

    params:
      days: {type: integer, default: 7, min: 1, max: 366, ask: "How many days back?"}

    connections: [database] # what they are stands in environments/NAME.yaml

    steps: # everything here only reads: a dry run (-n) makes it for real
      - id: numbers
        name: "TODO - what the rows are, of the last ${params.days} days"
        sql:
          connection: database
          run: | # one statement; values come in as $1, $2 …, never as text
            SELECT status, count(*) AS orders
            FROM trades_orders
            WHERE created_at > now() - make_interval(days => $1::int)
            GROUP BY status
            ORDER BY status
          bind: ["${params.days}"]
        verify: # what would be no answer at all; no rows can be one
          assert: {that: row_count >= 0}

      - id: watch
        name: It stays that way for a minute
        monitor: # looks again and again, and stops early when fail_when holds
          sql: {connection: database, run: SELECT count(*) AS failed FROM trades_orders WHERE status = 'failed'}
          every: 10s
          for: 1m
          fail_when: rows[0].failed > 100
    """#
  }
}
