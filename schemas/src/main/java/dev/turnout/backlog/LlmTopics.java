package dev.turnout.backlog;

import dev.turnout.schema.Priority;
import dev.turnout.topic.TopicCatalogue;
import java.util.Map;

/**
 * Where the requests of an LLM come from.
 *
 * @param llm its id
 * @param topics by priority; two may share one, whose requests then count as interactive
 */
public record LlmTopics(String llm, Map<Priority, String> topics) {
  /** Freezes the topics. */
  public LlmTopics {
    topics = Map.copyOf(topics);
  }

  /**
   * With a topic for each priority.
   *
   * @param topic the one in the LLM's profile
   */
  public static LlmTopics of(String llm, String topic) {
    return new LlmTopics(
        llm,
        Map.of(
            Priority.INTERACTIVE,
            TopicCatalogue.requestsOf(topic, Priority.INTERACTIVE),
            Priority.BATCH,
            TopicCatalogue.requestsOf(topic, Priority.BATCH)));
  }
}
