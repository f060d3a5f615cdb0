package dev.turnout.topic;

/**
 * Names of groups and of Kafka Streams applications, in one place because roles join them and ACLs
 * are given for them. Kafka has one name space for groups of every kind.
 */
public final class GroupNames {
  /** Group of the workers of Kafka Connect, as Kafka's own configuration of them has it. */
  public static final String CONNECT_WORKERS = "connect-cluster";

  /** Their topic of offsets of sources, as Kafka's own configuration of them has it. */
  public static final String CONNECT_OFFSETS = "connect-offsets";

  /** What the groups of Kafka Connect's sinks begin with; the connector's name follows. */
  public static final String CONNECT_SINKS = "connect-";

  private GroupNames() {}

  /** Application of the budget ledger beside the routers of an application id. */
  public static String ledger(String routerApplicationId) {
    return routerApplicationId + "-budgets";
  }

  /** Application of the feedback join of the learners of an application id. */
  public static String join(String learnerApplicationId) {
    return learnerApplicationId + "-join";
  }

  /** Consumer group by which one of the learners of an application id leads. */
  public static String fold(String learnerApplicationId) {
    return learnerApplicationId + "-fold";
  }

  /** Share group of the workers of an LLM. */
  public static String shareWorkers(TopicCatalogue topics, String llm) {
    return topics.prefix() + "workers." + TopicCatalogue.sanitise(llm);
  }

  /** Consumer group of the workers of an LLM: another name, since a group has one kind for good. */
  public static String consumerWorkers(TopicCatalogue topics, String llm) {
    return topics.prefix() + "consumer-workers." + TopicCatalogue.sanitise(llm);
  }

  /** Consumer group of the graders of an id. */
  public static String graders(TopicCatalogue topics, String grader) {
    return topics.prefix() + "grader." + grader;
  }
}
