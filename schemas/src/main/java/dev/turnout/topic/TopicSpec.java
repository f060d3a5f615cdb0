package dev.turnout.topic;

import java.util.Map;

/**
 * One topic as the catalogue describes it.
 *
 * @param name full topic name, prefix included; holds {@value TopicCatalogue#LLM_PLACEHOLDER} when
 *     the entry stands for one topic per LLM
 * @param key what the record key is, in words
 * @param value name of the Avro record in the value, or what else it holds
 * @param partitions number of partitions
 * @param config topic-level configuration (cleanup policy, retention, message size), complete but
 *     for what depends on the cluster's size
 * @param writers who writes
 * @param readers who reads
 */
public record TopicSpec(
    String name,
    String key,
    String value,
    int partitions,
    Map<String, String> config,
    String writers,
    String readers) {

  /** Checks the partition count and freezes the configuration. */
  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic " + name + ": partitions is " + partitions + "; it must be at least 1");
    }
    config = Map.copyOf(config);
  }

  /** True when this entry stands for one topic per LLM rather than for one topic. */
  public boolean perLlm() {
    return name.contains(TopicCatalogue.LLM_PLACEHOLDER);
  }
}
