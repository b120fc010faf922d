"""What may happen to a case, to whom, when and on which article: plain Python over plain values.

facts: CaseFacts. machine: (state, verb) -> state as data. apply: (facts, event) -> facts. clock: every date with its
reasons. intake, acceptance, review, decision, delivery: one function per verb, facts -> Event or Refusal.
sentences: an event as a Chinese sentence.
"""
