package dev.turnout.worker.failover;

import dev.turnout.availability.ListeningClock;
import dev.turnout.availability.WorkerReports;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker hears of all LLMs and their workers, and what it makes of it for its own breaker.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>What the LLM itself said holds for all who ask it at the same place</b>: a worker whose
 *       LLM is up and that hears another say so stops at once, without a call of its own. It does
 *       not probe either: the finder does, and its word that the LLM is up is everybody's. When the
 *       finder leaves or falls silent, each finds out for itself.
 *   <li><b>What a worker alone found</b> (no connection, no answer in time) stops that worker only;
 *       its own way to the LLM may be broken. Others find it by their own calls. Routers take the
 *       LLM for available as long as one worker can have it answer.
 *   <li><b>Only a finder is followed</b>, never a follower, so no two hold each other down.
 *   <li><b>Only what is heard live is followed</b>: a record that lay on the topic when this worker
 *       began may be of one that died.
 *   <li>Readers see one {@link KnownLlms}, and whether the LLM was added, and never wait. All else
 *       is confined to the loop's thread.
 * </ul>
 */
final class LlmWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LlmWatch.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** A removed record says nothing more, so what is gone is removed when nobody asks any more. */
  private static final long REMOVED_AFTER = TimeUnit.MINUTES.toNanos(10);

  private final FailOverSettings settings;
  private final String llm;
  private final String worker;
  private final TopicCatalogue topics;
  private final CircuitBreaker breaker;
  private final AvailabilityVoice voice;
  private final LlmProbe probe;
  private final Clock clock;
  private final Deserializer<LlmAvailability> availability;
  private final Deserializer<LlmProfile> profiles;
  private final TopicTail<byte[], byte[]> tail;
  private final SupervisedLoop loop;
  private final WorkerReports reports = new WorkerReports();
  private final ListeningClock listened = new ListeningClock();
  private final Map<String, LlmProfile> known = new HashMap<>();
  private final Set<String> heardLive = new HashSet<>();
  private @Nullable String finder;
  private volatile boolean live;
  private volatile boolean added;
  private boolean warned;
  private volatile KnownLlms latest = KnownLlms.NONE;

  LlmWatch(
      FailOverSettings settings,
      WorkerPlace place,
      CircuitBreaker breaker,
      AvailabilityVoice voice,
      LlmProbe probe,
      Clock clock) {
    this.settings = settings;
    this.llm = place.llm();
    this.worker = place.worker();
    this.topics = place.topics();
    this.breaker = breaker;
    this.voice = voice;
    this.probe = probe;
    this.clock = clock;
    this.availability = AvroSerdes.of(LlmAvailability.class, place.serde()).deserializer();
    this.profiles = AvroSerdes.of(LlmProfile.class, place.serde()).deserializer();
    this.tail =
        TopicTail.fromBeginning(
            Clients.reader(place.kafka()), List.of(topics.availability(), topics.llms()));
    this.loop =
        new SupervisedLoop(
            "worker-" + llm + "-availability",
            tail.body(this::turn),
            SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(3)));
  }

  void start() {
    SupervisedLoop unusedSelf = loop.start();
  }

  /** What is known of all LLMs at this moment. */
  KnownLlms latest() {
    return latest;
  }

  /** Whether the LLM has no profile; false until that is known. */
  boolean isUnadded() {
    return live && !added;
  }

  LoopState state() {
    return loop.state();
  }

  private void turn() {
    tail.poll(POLL, this::read);
    live = tail.caughtUp();
    long nanos = listened.getAsLong();
    Instant now = clock.instant();
    heedOthers(nanos, now);
    voice.tell(breaker.finding(now), now);
    probe.ifDue(now);
    if (live) {
      latest = KnownLlms.of(known, reports.unavailable(nanos));
      lookForOwn();
      removeGone(nanos);
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      boolean report = record.topic().equals(topics.availability());
      @Nullable String key =
          record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
      if (!report && llm.equals(key)) {
        added = record.value() != null; // be it retired, or not readable here
      }
      if (record.value() == null) {
        forget(report, key);
      } else if (report) {
        hear(within(availability.deserialize(record.topic(), record.value())));
      } else {
        take(within(profiles.deserialize(record.topic(), record.value())));
      }
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e; // the record is not to blame and is read again
      }
      LOG.atWarn()
          .setMessage("record skipped: it is invalid on this topic")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log();
    }
  }

  private static <V extends IndexedRecord> V within(V value) {
    String excess = FieldLimits.excess(value);
    if (excess != null) {
      throw new IllegalArgumentException("its " + excess);
    }
    return value;
  }

  private void forget(boolean report, @Nullable String key) {
    if (report) {
      reports.forget(key);
      heardLive.remove(key);
    } else {
      known.remove(key);
    }
  }

  private void hear(LlmAvailability said) {
    reports.hear(said, listened.getAsLong());
    if (live && said.getLlm().equals(llm)) {
      heardLive.add(WorkerReports.key(llm, said.getWorker()));
    }
  }

  private void take(LlmProfile profile) {
    if (profile.getStatus() == LlmStatus.RETIRED) {
      known.remove(profile.getId());
    } else {
      known.put(profile.getId(), profile);
    }
  }

  private void heedOthers(long nanos, Instant now) {
    @Nullable LlmAvailability followed = null;
    WorkerReports.@Nullable Report found = null;
    for (WorkerReports.Report report : reports.of(llm)) {
      LlmAvailability said = report.said();
      if (!said.getWorker().equals(worker)
          && report.lives(nanos)
          && heardLive.contains(WorkerReports.key(llm, said.getWorker()))) {
        if (said.getWorker().equals(finder)) {
          followed = said;
        }
        if (said.getState() == AvailabilityState.DOWN
            && settings.endpoint().equals(said.getEndpoint())) {
          found = report;
        }
      }
    }
    if (finder != null && (followed == null || followed.getState() == AvailabilityState.UP)) {
      breaker.unfollow(followed != null, now);
      finder = null;
    }
    if (found != null && (breaker.finding(now).isUp() || found.said().getWorker().equals(finder))) {
      follow(found, nanos, now);
    }
  }

  private void follow(WorkerReports.Report found, long nanos, Instant now) {
    LlmAvailability said = found.said();
    Instant until = said.getUntil() == null ? said.getUpdatedAt() : said.getUntil();
    // by the finder's clock this long from when it said so, by ours this long from hearing it
    Duration wait = Duration.between(said.getUpdatedAt(), until);
    boolean window = wait.toMillis() > CircuitBreaker.LONGEST_PAUSE_MS;
    Instant again = now.plus(wait).minusNanos(nanos - found.heardNanos());
    if (!window || now.isBefore(again)) {
      finder = said.getWorker();
      breaker.follow(String.valueOf(said.getReason()), now, again, window);
    }
  }

  /** A worker for an LLM that nobody added would be silent for ever. */
  private void lookForOwn() {
    boolean unregistered = !known.containsKey(llm);
    if (unregistered && !warned) {
      LOG.atWarn()
          .setMessage(
              "no profile of this worker's LLM, so routers send it nothing; add it with turnout"
                  + " llms add")
          .addKeyValue("llm", llm)
          .addKeyValue("topic", topics.llms())
          .log();
    }
    warned = unregistered;
  }

  private void removeGone(long nanos) {
    for (WorkerReports.Report report : reports.of(llm)) {
      if (!report.said().getWorker().equals(worker)
          && !report.lives(nanos)
          && nanos - report.heardNanos() > REMOVED_AFTER) {
        voice.remove(report.said().getWorker());
        reports.forget(WorkerReports.key(llm, report.said().getWorker()));
      }
    }
  }

  void close() {
    loop.close();
    availability.close();
    profiles.close();
  }
}
