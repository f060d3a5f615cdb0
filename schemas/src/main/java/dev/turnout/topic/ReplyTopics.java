package dev.turnout.topic;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which topics a query may name in {@code replyTo}. The answer is written there with a worker's
 * rights, not with those of whoever sent the query, so only topics that an operator listed are
 * allowed; Turnout's own never are, whatever the list says.
 *
 * @param topics the installation's own topics
 * @param allowed full names, or beginnings of names with a {@code *} behind them
 */
public record ReplyTopics(TopicCatalogue topics, List<String> allowed) {

  /** What stands for any continuation of a name. */
  private static final String ANY = "*";

  /** In the place of a list: none at all. */
  public static final String NONE = "none";

  /** Kafka's own limit, in characters. */
  private static final int LONGEST_NAME = 249;

  private static final int LONGEST_SHOWN = 60;

  /**
   * Checks the patterns.
   *
   * @throws IllegalArgumentException naming one that allows every topic or names none
   */
  public ReplyTopics {
    allowed = List.copyOf(allowed);
    for (String pattern : allowed) {
      String name = beginning(pattern);
      if (name.isEmpty() || !TopicCatalogue.sanitise(name).equals(name)) {
        throw new IllegalArgumentException(
            "\""
                + pattern
                + "\" is no reply topic; give the name of a topic, or its beginning and a * behind"
                + " it, e.g. replies.*");
      }
    }
  }

  /** The topics whose names begin with the installation's prefix and {@code replies.}. */
  public static ReplyTopics standard(TopicCatalogue topics) {
    return new ReplyTopics(topics, List.of(topics.prefix() + "replies." + ANY));
  }

  /**
   * Reads what a setting says.
   *
   * @param patterns empty takes the {@linkplain #standard standard}, {@value #NONE} allows nothing
   */
  public static ReplyTopics of(TopicCatalogue topics, List<String> patterns) {
    if (patterns.isEmpty()) {
      return standard(topics);
    }
    return new ReplyTopics(topics, patterns.equals(List.of(NONE)) ? List.of() : patterns);
  }

  /** Whether a pattern stands for all names with that beginning. */
  public static boolean isPrefix(String pattern) {
    return pattern.endsWith(ANY);
  }

  /** A pattern without its {@code *}. */
  public static String beginning(String pattern) {
    return isPrefix(pattern) ? pattern.substring(0, pattern.length() - ANY.length()) : pattern;
  }

  /**
   * Why a query may not be answered there, with the remedy; empty if it may.
   *
   * @param topic what the query names; null if it names none
   */
  public Optional<String> refusal(@Nullable String topic) {
    if (topic == null) {
      return Optional.empty();
    }
    String shown =
        topic.length() <= LONGEST_SHOWN ? topic : topic.substring(0, LONGEST_SHOWN) + "…";
    if (topic.length() > LONGEST_NAME) {
      return Optional.of(
          "replyTo \"" + shown + "\" is longer than Kafka's " + LONGEST_NAME + " characters");
    }
    if (isOurs(topic)) {
      return Optional.of(
          "replyTo \"" + shown + "\" is one of Turnout's or Kafka's own topics; name another");
    }
    if (allowed.stream().noneMatch(pattern -> matches(pattern, topic))) {
      return Optional.of(
          "replyTo \""
              + shown
              + "\" is not among the topics that replies may go to, "
              + (allowed.isEmpty() ? NONE : String.join(", ", allowed))
              + "; name one of these, or have an operator add it to topics.reply-to");
    }
    return Optional.empty();
  }

  private boolean isOurs(String topic) {
    return topic.startsWith("__")
        || topic.startsWith(topics.requestsPrefix())
        || topics.topics().stream().anyMatch(ours -> ours.name().equals(topic))
        // what Kafka Streams keeps beside its applications, ours and others'
        || topic.endsWith("-changelog")
        || topic.endsWith("-repartition");
  }

  private static boolean matches(String pattern, String topic) {
    return isPrefix(pattern) ? topic.startsWith(beginning(pattern)) : topic.equals(pattern);
  }
}
