package dev.turnout.encoder.surface;

/** Words that say how a question is asked rather than what it is about. */
enum WordClass {
  NUMBER,
  NEGATION,
  COMMAND,
  WHAT,
  WHICH,
  WHO,
  WHEN,
  WHERE,
  WHY,
  HOW;

  /** Its place among the counts of a text; no more than that. */
  @SuppressWarnings("EnumOrdinal") // lives for one text
  int place() {
    return ordinal();
  }
}
