package dev.turnout.encoder.conversation;

/** What a word does for the question whether a turn stands alone; later roles come first. */
enum WordRole {
  /** Has a topic of its own: whatever no list holds. */
  TOPIC,
  /** Says nothing of a topic. */
  PLAIN,
  /** Asks for a topic that follows. */
  ASK,
  /** Leans on what was said before when a turn begins with it, else plain. */
  FIRST,
  /** Leans on what was said before unless a word with a topic follows: then it is an article. */
  POINTING,
  /** Leans on what was said before. */
  CUE,
  /** Carries a question over to another thing when a turn begins with it, else plain. */
  OPENING,
  /** Names what was said before. */
  STRONG
}
