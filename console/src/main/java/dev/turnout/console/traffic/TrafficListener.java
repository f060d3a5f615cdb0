package dev.turnout.console.traffic;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;

/** Told of every record that is counted, on the thread that counts; a record may come again. */
public interface TrafficListener {

  /**
   * A decision.
   *
   * @param bytes of its record
   */
  void decided(RoutingDecision decision, int bytes);

  /**
   * What became of a request.
   *
   * @param bytes of its record
   */
  void ended(Outcome outcome, int bytes);

  /** A grade. */
  void graded(Grade grade);
}
