/// Every name that a template can use, and what stands behind it. `docs/postmortem-templates.md` shows the same lists.
///
/// A line is a place and the names in it; `.` is the top. `[]` behind a place: it is a list, and the names are those of
/// each of its elements. Behind a name: `#` a number, `?` yes or no, `@` a moment, `~` milliseconds, `[]` a list of
/// texts, `{}` pairs of `name` and `value`; nothing, a text.
public enum TemplateNames {
  /// Of a report about an incident.
  public static let report = """
    . schema_version# status summary detection first_entry# entry_count# went_well[] went_badly[] limits[]
    . signals[] lucky[] impact[] questions[] key_entries[]
    incident id title severity status environment drill? opened@ opened_by why roles{} runs[]
    incident.milestones started@ detected@ acknowledged@ mitigated@ resolved@ closed@
    incident.severity_history[] at@ by severity why
    incident.follow_ups[] number# title owner status due@ why
    severity_spans[] severity since@ by why milliseconds~ entry#
    metrics[] name meaning from to milliseconds~ estimated? missing
    targets[] name run state limit_milliseconds~ elapsed_milliseconds~ missed_by_milliseconds~ judged@ entry#
    changes[] run step title effect word reading at@ entries[] before before_entry#
    kept_values[] run step title name value at@ entries[]
    responders[] person roles[] entries# first@ last@
    role_history[] role person at@ by why entry#
    escalations[] contact title reach outcome at@ by why entry#
    action_items[] number# title owner status due@ why
    timeline[] at@ since_detected_milliseconds~ kind event by automatic? starred? run step recorded@ corrects#
    timeline[] corrected_by# entry#
    obstacles[] milliseconds~
    obstacles[].row at@ since_detected_milliseconds~ kind event by automatic? starred? run step recorded@ corrects#
    obstacles[].row corrected_by# entry#
    messages[] id connection environment template text state queued@ incident run step sent@ status# remote_id failed@
    messages[] is_final? entries[]
    messages[].failure code message advice
    posts_by_hand[] run step title text link answer by at@ entries[]
    findings[] kind run step subject what suggestion entries[]
    findings[].patch file line# digest what diff
    related[] id title severity status at@ playbooks[] monitors[] follow_up_count#
    related[].open_follow_ups[] number# title owner status due@ why
    links[] address entry#
    files[] step name sha256 bytes# by at@ entry#
    follow_ups[] what command
    head sequence# hash
    truth.verified[] run step title check[] reading at@ entry#
    truth.not_known[] run step title word why entries[]
    truth.open[] run step title word why entries[]
    truth.rolled_back[] run step title word why entries[]
    truth.taken_back[] run by
    runs[] params{} prerequisites{} digest
    runs[].run id playbook name environment production? drill? unattended? state reason incident parent actor started@
    runs[].run ended@ milliseconds~ detected@ exit# interrupted? handed_to cancelling? gap degraded
    runs[].run.owner host pid# epoch#
    runs[].handovers[] from to at@ why taken_by taken@ entry#
    runs[].cancellation by at@ now? why entry#
    runs[].steps[] id number# section title action effect state verification reason attempts# started@ ended@
    runs[].steps[] milliseconds~ entries[] word explanation preview[] outcome unknown outputs{} warnings[] check[]
    runs[].steps[] reading checked@ readings# answer registered{}
    runs[].steps[].failure code message advice
    runs[].steps[].check_failure code message advice
    runs[].steps[].question title ask checklist[] draft link answer_type
    runs[].steps[].answered answer by at@ why ticked[] sha256 bytes# entry#
    runs[].steps[].samples[] number# at@ watched_milliseconds~ value reading missed? entry#
    runs[].steps[].rolled_back by actor at@ entry#
    runs[].steps[].attempts_made[] number# state verification reason started@ ended@ milliseconds~ retrying? entry#
    runs[].steps[].choices[] choice by at@ reason
    drills[] run playbook started@ verdict milliseconds~
    drills[].earlier count# median_milliseconds~ best_milliseconds~
    drills[].steps[] id number# title result milliseconds~
    drills[].steps[].earlier count# median_milliseconds~ best_milliseconds~
    drills[].targets[] name state limit_milliseconds~ elapsed_milliseconds~ missed_by_milliseconds~
    drills[].targets[].earlier count# median_milliseconds~ best_milliseconds~
    drills[].earlier_drills[] run started@ state milliseconds~ verified# steps# missed[] playbook_changed?
    markdown header summary severity people escalations metrics targets drill changes timeline steps truth
    markdown communications message_facts findings detection response evidence went_well went_badly lucky questions
    markdown related supporting action_items follow_ups timeline_full record
    """

  /// Of a public one.
  public static let publicReport = """
    . schema_version# title severity drill? status minutes_to_notice# minutes_to_mitigate# minutes_to_resolve#
    . minutes_of_impact# targets_met# targets_total# updates_sent# improvements_done# improvements_open#
    moments[] at@ kind severity estimated?
    markdown summary what_happened impact what_we_are_doing
    """
}
