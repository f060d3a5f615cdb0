package dev.turnout.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import dev.turnout.schema.Priority;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.ReplyTopics;
import dev.turnout.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.List;

/**
 * What every role of one installation must be allowed to do, beside the {@linkplain TopicCatalogue
 * catalogue of topics}: ACLs are printed from it, and a test runs every role with exactly these.
 *
 * <p>Nobody needs a right on the cluster. A role whose {@code topics.create} is set creates topics
 * and needs CREATE on them beyond what stands here.
 *
 * @param topics names of the topics
 * @param replies where workers may send replies
 * @param routerApplicationId id of the routers' Kafka Streams application
 * @param learnerApplicationId what the learners' applications and groups begin with
 * @param consoleApplicationId id of the console's Kafka Streams application
 * @param grader id of the graders
 * @param shareGroups whether workers share requests by share groups, else by consumer groups
 */
public record AccessCatalogue(
    TopicCatalogue topics,
    ReplyTopics replies,
    String routerApplicationId,
    String learnerApplicationId,
    String consoleApplicationId,
    String grader,
    boolean shareGroups) {

  /**
   * What a role needs; for workers, of whatever LLM.
   *
   * @return no resource twice
   */
  public List<Grant> of(Role role) {
    return switch (role) {
      case ROUTER -> router();
      case LEARNER -> learner();
      case WORKER -> anyWorker();
      case GRADER -> graders();
      case GATEWAY -> gateway();
      case CONSOLE -> console();
      case OPERATOR -> operator();
      case PRODUCER -> List.of(Grant.topic(topics.queries(), WRITE));
      case FEEDBACK -> List.of(Grant.topic(topics.feedback(), WRITE));
      case AUTOSCALER -> autoscaler();
      case CONNECT_SOURCE -> connectSource();
      case CONNECT_SINK -> connectSink();
    };
  }

  private List<Grant> router() {
    String ledger = GroupNames.ledger(routerApplicationId);
    return List.of(
        Grant.topic(topics.queries(), READ),
        Grant.topic(topics.models(), READ),
        Grant.topic(topics.posteriors(), READ),
        Grant.topic(topics.llms(), READ),
        Grant.topic(topics.tenants(), READ),
        Grant.topic(topics.availability(), READ),
        Grant.topic(topics.outcomes(), READ),
        Grant.topic(topics.budgetEvents(), READ, WRITE),
        Grant.topic(topics.budgets(), READ, WRITE),
        Grant.topic(topics.decisions(), WRITE),
        Grant.topic(topics.replies(), WRITE),
        Grant.topic(topics.dlq(), WRITE),
        // a router makes the topic of an LLM that comes by its profile alone
        Grant.topicsFrom(topics.requestsPrefix(), CREATE, WRITE),
        internal(ledger),
        // to see how many requests wait for the workers of each LLM
        Grant.groupsFrom(GroupNames.shareWorkers(topics, ""), DESCRIBE),
        Grant.groupsFrom(GroupNames.consumerWorkers(topics, ""), DESCRIBE),
        Grant.group(routerApplicationId, READ),
        Grant.group(ledger, READ),
        Grant.transactionsFrom(routerApplicationId + "-"));
  }

  private List<Grant> learner() {
    String join = GroupNames.join(learnerApplicationId);
    return List.of(
        Grant.topic(topics.decisions(), READ),
        Grant.topic(topics.outcomes(), READ),
        Grant.topic(topics.feedback(), READ),
        Grant.topic(topics.samples(), READ, WRITE),
        Grant.topic(topics.models(), READ, WRITE),
        Grant.topic(topics.llms(), READ),
        Grant.topic(topics.posteriors(), WRITE),
        Grant.topic(topics.dlq(), WRITE),
        // an LLM without its topic is not learnt for
        Grant.topicsFrom(topics.requestsPrefix(), DESCRIBE),
        internal(join),
        Grant.group(join, READ),
        Grant.group(GroupNames.fold(learnerApplicationId), READ),
        Grant.transactionsFrom(learnerApplicationId + "-"));
  }

  /**
   * Changelogs and repartition topics of a Kafka Streams application, which deletes what it has
   * read of the latter.
   */
  private static Grant internal(String application) {
    return Grant.topicsFrom(application + "-", CREATE, DELETE, READ, WRITE);
  }

  /** What the workers of an LLM need. */
  public List<Grant> worker(String llm) {
    String share = GroupNames.shareWorkers(topics, llm);
    String consumer = GroupNames.consumerWorkers(topics, llm);
    List<Grant> grants = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      grants.add(Grant.topic(topics.requests(llm, priority), READ));
    }
    // a request that this LLM cannot answer goes to another
    grants.add(Grant.topicsFrom(topics.requestsPrefix(), WRITE));
    grants.add(shareGroups ? Grant.group(share, ALTER_CONFIGS, READ) : Grant.group(consumer, READ));
    // to go on where the other delivery left off
    grants.add(Grant.group(shareGroups ? consumer : share, DESCRIBE));
    grants.addAll(answering());
    return List.copyOf(grants);
  }

  private List<Grant> anyWorker() {
    String share = GroupNames.shareWorkers(topics, "");
    String consumer = GroupNames.consumerWorkers(topics, "");
    List<Grant> grants = new ArrayList<>();
    grants.add(Grant.topicsFrom(topics.requestsPrefix(), READ, WRITE));
    grants.add(
        shareGroups
            ? Grant.groupsFrom(share, ALTER_CONFIGS, READ)
            : Grant.groupsFrom(consumer, READ));
    grants.add(Grant.groupsFrom(shareGroups ? consumer : share, DESCRIBE));
    grants.addAll(answering());
    return List.copyOf(grants);
  }

  private List<Grant> answering() {
    List<Grant> grants =
        new ArrayList<>(
            List.of(
                Grant.topic(topics.llms(), READ),
                Grant.topic(topics.cancellations(), READ),
                Grant.topic(topics.availability(), READ, WRITE),
                Grant.topic(topics.replies(), WRITE),
                Grant.topic(topics.outcomes(), WRITE),
                Grant.topic(topics.dlq(), WRITE)));
    for (String pattern : replies.allowed()) {
      String name = ReplyTopics.beginning(pattern);
      grants.add(
          ReplyTopics.isPrefix(pattern) ? Grant.topicsFrom(name, WRITE) : Grant.topic(name, WRITE));
    }
    return grants;
  }

  private List<Grant> graders() {
    String group = GroupNames.graders(topics, grader);
    return List.of(
        Grant.topic(topics.outcomes(), READ),
        Grant.topic(topics.feedback(), WRITE),
        Grant.topic(topics.dlq(), WRITE),
        Grant.group(group, READ),
        // where a new group starts is settled in a transaction
        Grant.transactionsFrom(group + "-start"));
  }

  private List<Grant> gateway() {
    return List.of(
        Grant.topic(topics.queries(), WRITE),
        Grant.topic(topics.feedback(), WRITE),
        Grant.topic(topics.decisions(), READ),
        Grant.topic(topics.outcomes(), READ),
        Grant.topic(topics.replies(), READ),
        Grant.topic(topics.llms(), READ),
        Grant.topic(topics.keys(), READ),
        Grant.topic(topics.tenants(), READ),
        Grant.topic(topics.cancellations(), WRITE),
        Grant.topic(topics.dlq(), READ),
        // to see how far the routers are behind, and the workers of each LLM
        Grant.group(routerApplicationId, DESCRIBE),
        Grant.topicsFrom(topics.requestsPrefix(), DESCRIBE),
        Grant.groupsFrom(GroupNames.shareWorkers(topics, ""), DESCRIBE),
        Grant.groupsFrom(GroupNames.consumerWorkers(topics, ""), DESCRIBE));
  }

  private List<Grant> console() {
    return List.of(
        // administrators send dead letters back to where they came from
        Grant.topic(topics.queries(), READ, WRITE),
        Grant.topic(topics.decisions(), READ, WRITE),
        Grant.topic(topics.outcomes(), READ, WRITE),
        Grant.topic(topics.feedback(), READ, WRITE),
        Grant.topic(topics.samples(), READ, WRITE),
        Grant.topic(topics.budgetEvents(), READ, WRITE),
        Grant.topic(topics.dlq(), READ, WRITE),
        Grant.topicsFrom(topics.requestsPrefix(), READ, WRITE),
        Grant.transactionsFrom(topics.dlq()),
        Grant.topic(topics.posteriors(), READ),
        Grant.topic(topics.llms(), READ),
        Grant.topic(topics.availability(), READ),
        Grant.topic(topics.keys(), READ),
        Grant.topic(topics.tenants(), READ),
        Grant.topic(topics.budgets(), READ),
        // decisions and answers of what is tried, and an end of those that take too long
        Grant.topic(topics.replies(), READ),
        Grant.topic(topics.cancellations(), WRITE),
        // administrators promote, stage and roll back
        Grant.topic(topics.models(), READ, WRITE),
        internal(consoleApplicationId),
        // to see what waits for routers and for the workers of each LLM
        Grant.group(routerApplicationId, DESCRIBE),
        Grant.groupsFrom(GroupNames.shareWorkers(topics, ""), DESCRIBE),
        Grant.groupsFrom(GroupNames.consumerWorkers(topics, ""), DESCRIBE),
        Grant.group(consoleApplicationId, READ),
        Grant.transactionsFrom(consoleApplicationId + "-"));
  }

  private List<Grant> autoscaler() {
    return List.of(
        Grant.topic(topics.queries(), DESCRIBE),
        Grant.topic(topics.outcomes(), DESCRIBE),
        Grant.group(routerApplicationId, DESCRIBE),
        Grant.groupsFrom(GroupNames.graders(topics, ""), DESCRIBE));
  }

  /** The producers of its tasks; a worker's own clients need what Kafka Connect's manual says. */
  private List<Grant> connectSource() {
    return List.of(
        Grant.topic(topics.queries(), WRITE),
        Grant.topic(topics.feedback(), WRITE),
        // rows that are none
        Grant.topic(topics.dlq(), WRITE),
        // records and how far their files are read stand in one transaction
        Grant.topic(GroupNames.CONNECT_OFFSETS, WRITE),
        Grant.transactionsFrom(GroupNames.CONNECT_WORKERS + "-"));
  }

  private List<Grant> connectSink() {
    return List.of(
        Grant.topic(topics.decisions(), READ),
        Grant.topic(topics.outcomes(), READ),
        Grant.topic(topics.feedback(), READ),
        // refused queries of OpenAI's batch files
        Grant.topic(topics.dlq(), READ),
        Grant.groupsFrom(GroupNames.CONNECT_SINKS, READ));
  }

  private List<Grant> operator() {
    List<Grant> grants = new ArrayList<>();
    // dead letters go back to where they came from, and what was too large is read from there
    for (String traffic :
        List.of(
            topics.queries(),
            topics.decisions(),
            topics.outcomes(),
            topics.feedback(),
            topics.samples(),
            topics.budgetEvents(),
            topics.replies(),
            topics.cancellations(),
            topics.dlq())) {
      grants.add(Grant.topic(traffic, CREATE, DESCRIBE_CONFIGS, READ, WRITE));
    }
    grants.add(Grant.topicsFrom(topics.requestsPrefix(), CREATE, DESCRIBE_CONFIGS, READ, WRITE));
    for (String data :
        List.of(
            topics.models(),
            topics.llms(),
            topics.tenants(),
            topics.keys(),
            topics.availability())) {
      grants.add(Grant.topic(data, CREATE, DESCRIBE_CONFIGS, READ, WRITE));
    }
    grants.add(Grant.topic(topics.budgets(), CREATE, DESCRIBE_CONFIGS, READ));
    grants.add(Grant.topic(topics.posteriors(), CREATE, DESCRIBE_CONFIGS));
    // a dead letter is sent back and marked in one transaction
    grants.add(Grant.transactionsFrom(topics.dlq()));
    return List.copyOf(grants);
  }
}
