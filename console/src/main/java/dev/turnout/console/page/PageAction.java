package dev.turnout.console.page;

import dev.turnout.gateway.access.Rights;
import java.util.function.Predicate;

/**
 * Something that may be done on a page, only with a key that has the right.
 *
 * @param right in words, to stand after "may not", e.g. {@code administer}
 * @param allowed whether a key's rights suffice
 * @param work does it
 */
public record PageAction(String right, Predicate<Rights> allowed, Work work) {

  /** Does what was asked for. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it; whoever asks waits.
     *
     * @param request with the form's values, by a visitor that has the right
     * @return what was done, in a sentence
     * @throws IllegalArgumentException if what was asked for cannot be done, with what would be
     *     right
     */
    String run(PageRequest request) throws InterruptedException;
  }

  /** For administrators' keys. */
  public static PageAction administering(Work work) {
    return new PageAction("administer", Rights::administer, work);
  }
}
