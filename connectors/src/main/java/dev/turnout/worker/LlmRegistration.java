package dev.turnout.worker;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.schema.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Which request topics of the worker's LLM are there: a worker without any would wait for ever and
 * look well.
 */
final class LlmRegistration implements LoopBody {

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private final WorkerSettings settings;
  private final Admin admin;
  private final State state;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** What was found; read by any thread. */
  static final class State {
    private volatile boolean batch;
    private volatile @Nullable String missingTopic;

    /** Whether there is a topic for batch requests. */
    boolean hasBatch() {
      return batch;
    }

    /**
     * What is missing, and the remedy; null while nothing is, or nothing is known yet.
     *
     * @param unadded whether nobody has added the LLM
     */
    @Nullable String problem(String llm, boolean unadded) {
      String topic = missingTopic;
      if (topic != null) {
        return "the request topic "
            + topic
            + " is not there; add the LLM with turnout llms add "
            + llm;
      }
      return unadded
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
  }

  @Override
  public void turn() throws InterruptedException {
    look();
    boolean unusedClosing = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() throws InterruptedException {
    String requests = settings.requestTopic(Priority.INTERACTIVE);
    String batch = settings.requestTopic(Priority.BATCH);
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin.describeTopics(List.of(requests, batch)).topicNameValues();
    state.missingTopic = isThere(answers, requests) ? null : requests;
    state.batch = isThere(answers, batch);
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
    closing.countDown();
  }

  @Override
  public void close() {
    admin.close();
  }
}
