extension StartingPlaybook {
  /// Looks, asks a person what it means, and acts on the answer.
  var incidentResponse: String {
    #"""
    format: 1
    id: \#(id)
    name: \#(name)
    description: TODO - which trouble it leads through
    severity: P2 # of the incident it opens; the step 'classify' asks how bad it really is
    owner: # who keeps it correct
    tags: [incident]
    review: {last: , every: 30d} # the day somebody last read it through: 2031-05-14
    when_to_use: ["TODO - what an alert or a user reports"]
    targets: {response: 15m} # a clock from "detected": shown and judged, never a limit

    connections: [database] # what they are stands in environments/NAME.yaml

    steps:
      - id: look
        name: TODO - what the numbers say
        sql:
          connection: database
          run: |
            SELECT maker_address, count(*) AS orders FROM trades_orders
            WHERE created_at > now() - interval '2 hours'
            GROUP BY maker_address ORDER BY orders DESC LIMIT 20
        verify: {assert: {that: row_count >= 0}}

      - id: classify
        name: How bad is it?
        incident: {classify: true} # by the questions of severity.yaml

      - id: judge
        name: What is it?
        manual:
          ask: TODO - what tells a false alarm from the real thing
          answer: {type: choice, choices: [false alarm, real]}

      - name: Act
        target: response
        if:
          that: steps.judge.answer == "real"
          then:
            - id: mitigate
              name: Stop the harm before looking for the cause
              incident: {suggest: true} # the playbooks that severity.yaml suggests for the severity of now

            - id: mitigated
              name: Users are no longer hurt
              incident: {milestone: mitigated}

      - id: write-down
        name: What has to be done so that it does not come back
        incident: {follow_up: {title: "Why \#(id) was needed, and what prevents it", due: 24h}}
    """#
  }
}
