package dev.turnout.worker;

/** What to tell Kafka about a request. */
enum Acknowledgement {
  /** Its outcome is safely on the outcomes topic: never deliver it again. */
  DONE,
  /** Nothing came of it: deliver it again, to anyone. */
  AGAIN
}
