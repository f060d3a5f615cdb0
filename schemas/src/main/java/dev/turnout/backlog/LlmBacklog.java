package dev.turnout.backlog;

import dev.turnout.schema.Priority;
import java.util.Map;

/**
 * Requests of an LLM that its workers have not done, those in hand included.
 *
 * @param group the group of its workers that works
 * @param waiting how many by priority
 * @param done how many the group has done, of both priorities together; only differences mean
 *     anything
 */
public record LlmBacklog(String llm, String group, Map<Priority, Long> waiting, long done) {
  /** Freezes the counts. */
  public LlmBacklog {
    waiting = Map.copyOf(waiting);
  }

  /** Of both priorities. */
  public long sum() {
    return waiting.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What goes before a new request of a priority: batch requests wait for interactive ones. */
  public long before(Priority priority) {
    return priority == Priority.BATCH ? sum() : waiting.getOrDefault(Priority.INTERACTIVE, 0L);
  }
}
