package dev.turnout.console.state;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.control.KeyedPublisher;
import dev.turnout.gateway.access.Caller;
import dev.turnout.kafka.Clients;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Tries questions as a gateway asks them: the decision comes back on a partition of the replies
 * topic, told from others' by a random number; answers come as outcomes, which the console reads
 * anyway. An LLM that is to answer is the only one allowed, so that the decision shown and the
 * answer agree.
 */
final class KafkaTryDesk implements TryDesk {
  private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int AT_ONCE = 4;
  private static final int KEPT = 20;

  private final ConnectionSettings connection;
  private final Clock clock;
  private final Semaphore open = new Semaphore(AT_ONCE);
  private final Deque<Tried> latest = new ArrayDeque<>();

  KafkaTryDesk(ConnectionSettings connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  @Override
  public Tried ask(Question question, Caller caller) throws InterruptedException {
    if (!open.tryAcquire()) {
      throw new IllegalArgumentException(
          "Others wait for " + AT_ONCE + " decisions already; try again in a moment.");
    }
    try (KeyedPublisher<Query> queries =
        new KeyedPublisher<>(connection.topics().queries(), connection.clients(), Query.class)) {
      Query query = query(question, caller);
      RoutingDecision decision = decide(queries, query);
      List<String> asked = new ArrayList<>();
      for (String llm : answering(decision, question.answers())) {
        QueryConstraints only =
            QueryConstraints.newBuilder(question.constraints())
                .setAllowedLlms(List.of(llm))
                .setExplore(false)
                .build();
        String id = query.getId() + "-" + (asked.size() + 1);
        Query each =
            Query.newBuilder(query)
                .setId(id)
                .setConstraints(only)
                .setDeadline(now().plus(ANSWERED_WITHIN))
                .build();
        queries.publish(id, each, "query " + id);
        asked.add(id);
      }
      Tried tried = new Tried(question.text(), clock.instant(), decision, asked);
      synchronized (latest) {
        latest.addFirst(tried);
        if (latest.size() > KEPT) {
          latest.removeLast();
        }
      }
      return tried;
    } finally {
      open.release();
    }
  }

  private Query query(Question question, Caller caller) {
    QueryConstraints constraints = question.constraints();
    if (!caller.allowedLlms().isEmpty()) {
      List<String> wanted = constraints.getAllowedLlms();
      List<String> both =
          wanted.isEmpty()
              ? caller.allowedLlms()
              : wanted.stream().filter(caller.allowedLlms()::contains).toList();
      if (both.isEmpty()) {
        throw new IllegalArgumentException(
            "This key's LLMs are " + String.join(", ", caller.allowedLlms()) + ".");
      }
      constraints = QueryConstraints.newBuilder(constraints).setAllowedLlms(both).build();
    }
    return Query.newBuilder()
        .setId("try-" + UUID.randomUUID())
        .setText(question.text())
        .setTenant(caller.tenant())
        .setConstraints(constraints)
        .setSubmittedAt(now())
        .build();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static List<String> answering(RoutingDecision decision, int answers) {
    List<String> llms = new ArrayList<>();
    llms.add(decision.getLlm());
    decision.getRanking().stream()
        .filter(score -> score.getEligible() && !score.getLlm().equals(decision.getLlm()))
        .map(LlmScore::getLlm)
        .forEach(llms::add);
    return llms.subList(0, Math.min(answers, llms.size()));
  }

  private RoutingDecision decide(KeyedPublisher<Query> queries, Query query)
      throws InterruptedException {
    String ask = UUID.randomUUID().toString();
    try (Consumer<byte[], byte[]> replies = Clients.reader(connection.kafka());
        Deserializer<Reply> decoder =
            AvroSerdes.of(Reply.class, connection.clients()).deserializer()) {
      int partitions = replies.partitionsFor(connection.topics().replies()).size();
      TopicPartition mine =
          new TopicPartition(
              connection.topics().replies(), Math.floorMod(ask.hashCode(), partitions));
      replies.assign(List.of(mine));
      replies.seekToEnd(List.of(mine));
      long unusedNow = replies.position(mine); // from here on, before anything is asked
      Query decideOnly =
          Query.newBuilder(query)
              .setDecideOnly(true)
              .setDeadline(now().plus(DECIDED_WITHIN))
              .setReply(
                  ReplyAddress.newBuilder().setPartition(mine.partition()).setAsk(ask).build())
              .build();
      queries.publish(query.getId(), decideOnly, "query " + query.getId());
      long end = System.nanoTime() + DECIDED_WITHIN.toNanos();
      while (System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : replies.poll(POLL)) {
          Optional<Reply> reply = mine(decoder, record, ask);
          if (reply.isPresent()) {
            return decisionOf(reply.get());
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "No router decided within "
            + DECIDED_WITHIN.toSeconds()
            + " s; is one running, and how many queries wait?");
  }

  /** A reply to this ask; others' may be of any kind, readable or not. */
  private static Optional<Reply> mine(
      Deserializer<Reply> decoder, ConsumerRecord<byte[], byte[]> record, String ask) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      Reply reply = decoder.deserialize(record.topic(), record.value());
      return Optional.ofNullable(reply).filter(each -> each.getAsk().equals(ask));
    } catch (RuntimeException foreign) {
      return Optional.empty();
    }
  }

  private static RoutingDecision decisionOf(Reply reply) {
    RoutingDecision decision = reply.getDecision();
    if (decision == null) {
      throw new IllegalArgumentException(
          "The routers refuse it: " + reply.getReason() + ", " + reply.getDetail() + ".");
    }
    return decision;
  }

  @Override
  public List<Tried> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }

  @Override
  public void grade(String queryId, String llm, String grader, double reward)
      throws InterruptedException {
    Grade grade =
        Grade.newBuilder()
            .setQueryId(queryId)
            .setLlm(llm)
            .setGrader(grader)
            .setReward(reward)
            .setGradedAt(now())
            .build();
    try (KeyedPublisher<Grade> grades =
        new KeyedPublisher<>(connection.topics().feedback(), connection.clients(), Grade.class)) {
      grades.publish(queryId, grade, "grade of query " + queryId);
    }
  }
}
