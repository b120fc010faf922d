"""What every package stands on: event log, outbox, files, working-day calendar, numbers, Refusal, page kit.

There is no word of the field in here: no case, item, licence or applicant. What a package above needs and what
could be told without naming the field belongs here, once.
"""
