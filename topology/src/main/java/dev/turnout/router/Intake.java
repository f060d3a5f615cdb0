package dev.turnout.router;

import dev.turnout.schema.Query;

/** What became of a polled record before any encoding: a query to route, or a refusal. */
sealed interface Intake {

  /** A well-formed query with a text worth encoding. */
  record Accepted(Query query) implements Intake {}

  /** A record that goes to the dead-letter topic. */
  record Refused(DeadLetter letter) implements Intake {}

  static Intake refused(DeadLetterReason reason, String detail) {
    return new Refused(new DeadLetter(reason, detail));
  }
}
