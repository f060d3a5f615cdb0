package dev.turnout.grader;

import dev.turnout.topic.TopicCatalogue;
import java.util.Map;

/**
 * How to run a grader.
 *
 * @param id the grader's id, written into every grade; the last grade of an id counts
 * @param topics the installation's topics
 * @param kafka Kafka client settings, at least {@code bootstrap.servers}
 * @param serde registry and serde settings, at least {@code schema.registry.url}
 * @param groupId consumer group; graders with one id share it
 * @param share share of the outcomes that is graded, 0..1, chosen by the query's id
 * @param gradeFailures whether an outcome without an answer is graded with reward 0
 */
public record GraderSettings(
    String id,
    TopicCatalogue topics,
    Map<String, Object> kafka,
    Map<String, Object> serde,
    String groupId,
    double share,
    boolean gradeFailures) {

  /** Freezes the maps and checks the share. */
  public GraderSettings {
    kafka = Map.copyOf(kafka);
    serde = Map.copyOf(serde);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "grader " + id + ": share is " + share + "; it must be within 0..1");
    }
  }

  /** Defaults: everything is graded, failures with 0. */
  public static GraderSettings of(
      String id, TopicCatalogue topics, Map<String, Object> kafka, Map<String, Object> serde) {
    return new GraderSettings(id, topics, kafka, serde, topics.prefix() + "grader." + id, 1, true);
  }

  /** The same for a share of the outcomes. */
  public GraderSettings withShare(double other) {
    return new GraderSettings(id, topics, kafka, serde, groupId, other, gradeFailures);
  }

  /** Without the client settings, which may hold passwords. */
  @Override
  public String toString() {
    return "GraderSettings[" + id + ", " + groupId + ", share " + share + "]";
  }
}
