package dev.turnout.worker;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the worker's LLM is known to routers, and which of its request topics are there: a worker
 * whose LLM nobody added would wait for ever and look well. Confined to its loop's thread but for
 * what it tells.
 */
final class LlmRegistration implements LoopBody {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private final WorkerSettings settings;
  private final Admin admin;
  private final TopicTail<byte[], byte[]> profiles;
  private final State state;
  private boolean looked;
  private long lookedAt;

  /** What was found; read by any thread. */
  static final class State {
    private volatile boolean profile;
    private volatile boolean profilesRead;
    private volatile boolean batch;
    private volatile @Nullable String missingTopic;

    /** Whether there is a topic for batch requests. */
    boolean hasBatch() {
      return batch;
    }

    /** What is missing, and the remedy; null while nothing is, or nothing is known yet. */
    @Nullable String problem(String llm) {
      String topic = missingTopic;
      if (topic != null) {
        return "the request topic "
            + topic
            + " is not there; add the LLM with turnout llms add "
            + llm;
      }
      return profilesRead && !profile
          ? "nobody has added LLM "
              + llm
              + ", so that it gets no requests; add it with turnout llms add "
              + llm
          : null;
    }
  }

  LlmRegistration(WorkerSettings settings, State state) {
    this.settings = settings;
    this.state = state;
    this.admin = Clients.admin(settings.kafka());
    this.profiles =
        TopicTail.fromBeginning(
            Clients.reader(settings.kafka()), List.of(settings.topics().llms()));
  }

  @Override
  public void turn() throws InterruptedException {
    if (!looked || System.nanoTime() - lookedAt > LOOK_NANOS) {
      look();
    }
    profiles.poll(POLL, this::read);
    if (profiles.caughtUp()) {
      state.profilesRead = true;
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() != null
        && new String(record.key(), StandardCharsets.UTF_8).equals(settings.llm())) {
      state.profile = record.value() != null;
    }
  }

  private void look() throws InterruptedException {
    String requests = settings.requestTopic(Priority.INTERACTIVE);
    String batch = settings.requestTopic(Priority.BATCH);
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin.describeTopics(List.of(requests, batch)).topicNameValues();
    state.missingTopic = isThere(answers, requests) ? null : requests;
    state.batch = isThere(answers, batch);
    lookedAt = System.nanoTime();
    looked = true;
  }

  private static boolean isThere(Map<String, KafkaFuture<TopicDescription>> answers, String topic)
      throws InterruptedException {
    KafkaFuture<TopicDescription> answer = answers.get(topic);
    if (answer == null) {
      return false;
    }
    try {
      TopicDescription unusedThere = answer.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new KafkaException("topic " + topic + " cannot be looked up", e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("topic " + topic + " cannot be looked up in time", e);
    }
  }

  @Override
  public void wakeUp() {
    profiles.wakeUp();
  }

  @Override
  public void close() {
    profiles.close();
    admin.close();
  }
}
