package dev.turnout.grader.check;

import dev.turnout.grader.Judgement;
import java.util.Optional;

/** Compares an answer with what is expected. Safe for use by several threads. */
@FunctionalInterface
public interface Check {

  /**
   * Compares.
   *
   * @param answer without thinking and blanks around it
   * @param expected as the query or the settings say
   * @return empty when what is expected is nothing that this check can compare with
   * @throws IllegalArgumentException if what is expected is broken; it says how
   */
  Optional<Judgement> of(String answer, String expected);
}
