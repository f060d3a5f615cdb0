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
  HOW
}
