package dev.turnout.worker.failover;

import dev.turnout.availability.WorkerReports;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on the availability topic how this worker finds its LLM: at once when that changes, and
 * again with every heartbeat, so that silence tells that the worker died. A word that could not be
 * published is said again. Confined to one thread at a time.
 */
final class AvailabilityVoice {
  private static final Logger LOG = LoggerFactory.getLogger(AvailabilityVoice.class);
  private static final int GOODBYE_SECONDS = 3;
  private static final Duration SAID_AGAIN = Duration.ofSeconds(1);

  private final FailOverSettings settings;
  private final WorkerPlace place;
  private final String topic;
  private final Clock clock;
  private final RecordSender sender;
  private final Serializer<LlmAvailability> serializer;
  private @Nullable LlmAvailability said;
  private boolean up = true;
  private volatile boolean failed;

  AvailabilityVoice(FailOverSettings settings, WorkerPlace place, Clock clock) {
    this.settings = settings;
    this.place = place;
    this.topic = place.topics().availability();
    this.clock = clock;
    this.sender = RecordSender.open(place.kafka(), Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    this.serializer = AvroSerdes.of(LlmAvailability.class, place.serde()).serializer();
  }

  /** Says how the LLM is found, if that is news or it is time. */
  void tell(CircuitBreaker.Finding finding, Instant now) {
    LlmAvailability word = word(finding, now);
    LlmAvailability before = said;
    if (before == null
        || (failed && !now.isBefore(before.getUpdatedAt().plus(SAID_AGAIN)))
        || before.getState() != word.getState()
        || !before.getSince().equals(word.getSince())
        || !now.isBefore(before.getUpdatedAt().plus(settings.heartbeat()))
        || word.getUpdatedAt().isBefore(before.getUpdatedAt())) {
      said = word;
      CompletableFuture<Void> unusedSafe = send(word);
    }
    log(finding);
  }

  private LlmAvailability word(CircuitBreaker.Finding finding, Instant now) {
    AvailabilityState state = state(finding, now);
    boolean up = state == AvailabilityState.UP;
    return LlmAvailability.newBuilder()
        .setLlm(place.llm())
        .setWorker(place.worker())
        .setState(state)
        .setReason(up ? null : BoundedText.cut(finding.reason(), FieldLimits.REASON))
        .setSince(finding.since().truncatedTo(ChronoUnit.MILLIS))
        .setUntil(up ? null : finding.until().truncatedTo(ChronoUnit.MILLIS))
        .setSlots(place.slots())
        .setUpdatedAt(now.truncatedTo(ChronoUnit.MILLIS))
        .setRepeatMs((int) Math.min(settings.heartbeat().toMillis(), Integer.MAX_VALUE))
        // a follower's word is followed by nobody
        .setEndpoint(!up && finding.told() && !finding.followed() ? settings.endpoint() : null)
        .build();
  }

  /** Where requests are the probes, routers must send some; else they send none until it is up. */
  private AvailabilityState state(CircuitBreaker.Finding finding, Instant now) {
    if (finding.isUp()) {
      return AvailabilityState.UP;
    }
    boolean due = !finding.followed() && !now.isBefore(finding.until());
    return settings.probe() == Probe.REQUEST
            && (due || finding.state() == AvailabilityState.PROBING)
        ? AvailabilityState.PROBING
        : AvailabilityState.DOWN;
  }

  private void log(CircuitBreaker.Finding finding) {
    if (up && !finding.isUp()) {
      LOG.atWarn()
          .setMessage("LLM is unavailable; its requests go on to others")
          .addKeyValue("llm", place.llm())
          .addKeyValue("worker", place.worker())
          .addKeyValue("until", finding.until())
          .addKeyValue("foundByAnother", finding.followed())
          .addKeyValue("problem", LogText.of(finding.detail()))
          .log();
    } else if (!up && finding.isUp()) {
      LOG.atInfo()
          .setMessage("LLM is available again")
          .addKeyValue("llm", place.llm())
          .addKeyValue("worker", place.worker())
          .log();
    }
    up = finding.isUp();
  }

  private CompletableFuture<Void> send(LlmAvailability word) {
    return sender
        .send(topic, WorkerReports.key(word.getLlm(), word.getWorker()), serializer, word)
        .whenComplete(
            (safe, failure) -> {
              boolean news = failure != null && !failed;
              failed = failure != null;
              if (news) {
                LOG.atWarn()
                    .setMessage("availability could not be published and is said again")
                    .addKeyValue("topic", topic)
                    .addKeyValue("error", LogText.of(String.valueOf(failure)))
                    .log();
              }
            });
  }

  /** Removes the record of a worker that is gone. */
  void remove(String worker) {
    CompletableFuture<Void> unusedSafe =
        sender.send(topic, WorkerReports.key(place.llm(), worker), serializer, null);
  }

  /** Says that this worker has ended. */
  void leave() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    LlmAvailability goodbye =
        LlmAvailability.newBuilder()
            .setLlm(place.llm())
            .setWorker(place.worker())
            .setState(AvailabilityState.LEFT)
            .setReason("the worker has ended")
            .setSince(now)
            .setUpdatedAt(now)
            .build();
    try {
      Void unusedSafe = send(goodbye).get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException unsaid) {
      LOG.atDebug().setMessage("left without a word").setCause(unsaid).log();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
    serializer.close();
  }
}
